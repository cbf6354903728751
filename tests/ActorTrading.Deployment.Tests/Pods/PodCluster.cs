using System.Net;
using System.Text;
using System.Text.Json;
using ActorTrading.TestKit;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>An overlay without Kubernetes: its pods, PostgreSQL and Services in network namespaces.</summary>
internal sealed class PodCluster : IAsyncDisposable
{
    public const string Ticks = "actortrading-ticks";

    /// <summary>A market of enough symbols that every pod hosts some.</summary>
    public static IReadOnlyList<string> FirstRecords { get; } =
    [
        .. Enumerable.Range(0, 30)
            .Select(number => $$"""{"symbol":"FIRST{{number}}","ts":"2024-07-09T13:00:00Z","price":1,"size":1,"source":"first","seq":1}"""),
    ];

    private readonly TemporaryFolder folder = new();
    private readonly List<IDisposable> services = [];
    private readonly ContainerImage image;
    private readonly List<Pod> pods;
    private int clients;

    private PodCluster(ContainerImage image, PodNetwork network, PodManifests manifests)
    {
        this.image = image;
        Network = network;
        Manifests = manifests;
        pods = [.. Enumerable.Range(0, manifests.Set.Spec.Replicas!.Value).Select(ordinal => new Pod(network, image, manifests, ordinal))];
    }

    public PodNetwork Network { get; }

    public PodManifests Manifests { get; }

    public IReadOnlyList<Pod> Pods => pods;

    /// <summary>The journal of the pods; null before it runs.</summary>
    public PodPostgres? Postgres { get; private set; }

    /// <summary>The address of the API's Service.</summary>
    public string Api => Manifests.Set.Spec.Template.Spec.Containers[0].ReadinessProbe.HttpGet.Scheme == "HTTPS"
        ? "https://actortrading-api:5000"
        : "http://actortrading-api:5000";

    /// <summary>The namespace of clients outside of the application.</summary>
    public NetworkNamespace Clients { get; private set; } = null!;

    /// <summary>Creates the network, PostgreSQL and Services. No pod runs yet.</summary>
    /// <param name="image">The image of the pods.</param>
    /// <param name="manifests">The manifests, given the network.</param>
    /// <param name="cancellation">Cancels the start.</param>
    public static async Task<PodCluster> CreateAsync(
        ContainerImage image, Func<PodNetwork, Task<PodManifests>> manifests, CancellationToken cancellation)
    {
        var network = await PodNetwork.CreateAsync();
        PodCluster? cluster = null;
        try
        {
            cluster = new PodCluster(image, network, await manifests(network));
            var database = await network.AddAsync();
            cluster.Postgres = await PodPostgres.StartAsync(database, "trading", cluster.Manifests.Password, cancellation);
            network.SetName("postgres", database.Address);
            cluster.Clients = await network.AddAsync();
            foreach (var service in cluster.Manifests.Rendering.All<V1Service>().Where(service => service.Spec.ClusterIP != "None"))
            {
                var address = await network.AddServiceAddressAsync();
                network.SetName(service.Name(), address);
                cluster.services.Add(new Service(network, address, service.Spec.Ports.Single().Port,
                    () => [.. cluster.Pods.Where(pod => pod.IsReady).Select(pod => pod.Address).OfType<string>()]));
            }

            return cluster;
        }
        catch
        {
            await (cluster?.DisposeAsync() ?? network.DisposeAsync());
            throw;
        }
    }

    /// <summary>Adds a pod, like scaling the StatefulSet.</summary>
    public Pod AddPod()
    {
        pods.Add(new Pod(Network, image, Manifests, pods.Count));
        return pods[^1];
    }

    /// <summary>Waits until all running pods are ready.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        foreach (var pod in Pods.Where(pod => pod.Address is not null)) await pod.ReadyAsync(cancellation);
    }

    /// <summary>
    /// Waits until all running pods are ready and form one cluster: records accepted by one of them are hosted by all of them.
    /// </summary>
    /// <param name="client">A client that may send and read.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async Task IsOneAsync(HttpClient client, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        var expected = Pods.Where(pod => pod.Address is not null).Select(pod => pod.HostName).Order().ToArray();
        do
        {
            // Repeated: a shard that moves to a new pod starts there with the next record for it.
            using var content = new StringContent(string.Join('\n', FirstRecords), Encoding.UTF8);
            using var answer = await client.PostAsync(new Uri(Api + "/ingest"), content, cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await Task.Delay(200, cancellation);
        }
        while (!expected.SequenceEqual(await NodesAsync()));

        async Task<IEnumerable<string>> NodesAsync()
        {
            var nodes = (await GetAsync(client, "/shards", cancellation)).GetProperty("nodes").EnumerateArray();
            return nodes.Select(node => node.GetProperty("node").GetString()!.Split(':')[0]).Order();
        }
    }

    /// <summary>
    /// Starts a command of the program in the image, in its own namespace, like a Job of these manifests. Its files are in /data.
    /// </summary>
    public async Task<Container> StartAsync(IReadOnlyList<string> arguments)
    {
        var number = Interlocked.Increment(ref clients);
        var hosts = folder.File($"hosts-{number}");
        Network.AddHosts(hosts);
        await Tools.OutputAsync("chown", "1654:1654", folder.Path);
        var tmp = Directory.CreateDirectory(folder.File($"tmp-{number}"));
        await Tools.OutputAsync("chown", "1654:1654", tmp.FullName);
        var variables = new Dictionary<string, string> { ["PGPASSWORD"] = Manifests.Password };
        return Container.Start(image, await Network.AddAsync(), new ContainerSpec($"client {number}", arguments, variables,
            [new Mount(folder.Path, "/data", IsReadOnly: false), new Mount(tmp.FullName, "/tmp", IsReadOnly: false)], hosts));
    }

    /// <summary>Runs a command of the program to its end, checks that it succeeded, and returns its output.</summary>
    public async Task<string> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        using var container = await StartAsync(arguments);
        var exitCode = await container.EndAsync(cancellation);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)}: {exitCode}: {container.Output}");
        return container.Output;
    }

    /// <summary>A file of the commands that <see cref="StartAsync"/> runs.</summary>
    public string FileOf(string name) => folder.File(name);

    public async Task<JsonElement> GetAsync(HttpClient client, string path, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(new Uri(new Uri(Api), path), cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services) service.Dispose();
        foreach (var pod in Pods) await pod.DisposeAsync();
        Postgres?.Dispose();
        await Network.DisposeAsync();
        folder.Dispose();
    }
}
