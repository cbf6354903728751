using System.Text;
using System.Text.Json;
using ActorTrading.Deployment.Tests.Manifests;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>The local overlay without Kubernetes: its pods, PostgreSQL and Services in network namespaces.</summary>
internal sealed class PodCluster : IAsyncDisposable
{
    public const string Api = "http://actortrading-api:5000";
    public const string Ticks = "actortrading-ticks";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrading-pods-");
    private readonly List<IDisposable> services = [];
    private readonly ContainerImage image;
    private readonly Rendering rendering;
    private PodPostgres? postgres;
    private int clients;

    private PodCluster(ContainerImage image, PodNetwork network, Rendering rendering)
    {
        this.image = image;
        this.rendering = rendering;
        Network = network;
        Set = rendering.One<V1StatefulSet>("actortrading");
        Pods = [.. Enumerable.Range(0, Set.Spec.Replicas!.Value).Select(ordinal => new Pod(network, image, rendering, Set, ordinal))];
    }

    public PodNetwork Network { get; }

    public V1StatefulSet Set { get; }

    public IReadOnlyList<Pod> Pods { get; }

    /// <summary>Where clients are that are no pods of the application.</summary>
    public NetworkNamespace Clients { get; private set; } = null!;

    /// <summary>Makes the network, PostgreSQL and Services. No pod runs yet.</summary>
    public static async Task<PodCluster> CreateAsync(ContainerImage image, CancellationToken cancellation)
    {
        var rendering = await Rendering.OfAsync("overlays/local");
        var cluster = new PodCluster(image, await PodNetwork.CreateAsync(), rendering);
        try
        {
            var password = Encoding.UTF8.GetString(rendering.All<V1Secret>().Single().Data["password"]);
            var database = await cluster.Network.AddAsync();
            cluster.postgres = await PodPostgres.StartAsync(database, "trading", password, cancellation);
            cluster.Network.SetName("postgres", database.Address);
            cluster.Clients = await cluster.Network.AddAsync();
            foreach (var service in rendering.All<V1Service>().Where(service => service.Spec.ClusterIP != "None"))
            {
                var address = await cluster.Network.AddServiceAddressAsync();
                cluster.Network.SetName(service.Name(), address);
                cluster.services.Add(new Service(cluster.Network, address, service.Spec.Ports.Single().Port,
                    () => [.. cluster.Pods.Where(pod => pod.IsReady).Select(pod => pod.Address).OfType<string>()]));
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until all pods that run are ready.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        foreach (var pod in Pods.Where(pod => pod.Address is not null)) await pod.ReadyAsync(cancellation);
    }

    /// <summary>Starts a command of the program in the image, in a namespace of its own, as a Job of these manifests would. Its files are in /data.</summary>
    public async Task<Container> StartAsync(IReadOnlyList<string> arguments)
    {
        var number = Interlocked.Increment(ref clients);
        var hosts = Path.Combine(folder.FullName, $"hosts-{number}");
        Network.AddHosts(hosts);
        await Tools.OutputAsync("chown", "1654:1654", folder.FullName);
        var tmp = Directory.CreateDirectory(Path.Combine(folder.FullName, $"tmp-{number}"));
        await Tools.OutputAsync("chown", "1654:1654", tmp.FullName);
        var variables = new Dictionary<string, string> { ["PGPASSWORD"] = Encoding.UTF8.GetString(rendering.All<V1Secret>().Single().Data["password"]) };
        return Container.Start(image, await Network.AddAsync(), new ContainerSpec($"client {number}", arguments, variables,
            [new Mount(folder.FullName, "/data", IsReadOnly: false), new Mount(tmp.FullName, "/tmp", IsReadOnly: false)], hosts));
    }

    /// <summary>Runs a command of the program to its end, which must be a good one, and returns what it printed.</summary>
    public async Task<string> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        using var container = await StartAsync(arguments);
        var exitCode = await container.EndAsync(cancellation);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)}: {exitCode}: {container.Output}");
        return container.Output;
    }

    /// <summary>A file of the commands that <see cref="StartAsync"/> runs.</summary>
    public string FileOf(string name) => Path.Combine(folder.FullName, name);

    public async Task<JsonElement> GetAsync(HttpClient client, string path, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(new Uri(Api + path), cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services) service.Dispose();
        foreach (var pod in Pods) await pod.DisposeAsync();
        postgres?.Dispose();
        await Network.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
