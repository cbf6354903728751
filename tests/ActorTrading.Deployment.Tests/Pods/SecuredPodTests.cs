using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorTrading.Deployment.Tests.Discovery;
using ActorTrading.Deployment.Tests.Manifests;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>Pods of the overlays with TLS: certificates, tokens and files come from Secrets, mounted as in the manifests.</summary>
[Collection(ContainerImage.Collection)]
public sealed class SecuredPodTests(ContainerImage image) : IDisposable
{
    private readonly CancellationTokenSource limit = new(TimeSpan.FromMinutes(8));
    private readonly OperatorSecrets secrets = new();

    public void Dispose()
    {
        secrets.Dispose();
        limit.Dispose();
    }

    [SkippableFact]
    public async Task PodsOfProduction_AreOneClusterByTls()
    {
        Skip.If(Environment.GetEnvironmentVariable(PodTests.Long) is null, $"a long test: {PodTests.Long} asks for it");
        image.Require();
        await using var cluster = await PodCluster.CreateAsync(
            image, async _ => new PodManifests(await Rendering.OfAsync("overlays/production"), secrets.All, null), limit.Token);

        await StartAsync(cluster);

        Assert.DoesNotContain("Akka.Management", await LoadedAsync(cluster.Pods[0]), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task PodsOfDiscovery_FindEachOtherByTheApi_WhicheverGoAndCome()
    {
        image.Require();
        KubernetesApi? api = null;
        await using var cluster = await PodCluster.CreateAsync(
            image,
            async network =>
            {
                var rendering = await Rendering.OfAsync("overlays/discovery");
                api = await KubernetesApi.StartAsync(isEncrypted: true, network.Node.Address, network.Node.NewSocket);
                api.Rules = rendering.One<V1Role>("actortrading-discovery").Rules;
                return new PodManifests(rendering, secrets.All, api);
            },
            limit.Token);
        try
        {
            await StartAsync(cluster);
            Assert.Contains("Akka.Management", await LoadedAsync(cluster.Pods[0]), StringComparison.Ordinal);

            // The pods whose names are the seeds in other overlays are not needed.
            await cluster.Pods[0].KillAsync();
            await cluster.AddPod().StartAsync();
            using var client = Client(cluster);
            await cluster.IsOneAsync(client, limit.Token);
            Assert.Equal(0, await cluster.Pods[1].TerminateAsync(limit.Token));
            await cluster.Pods[0].StartAsync();
            await cluster.IsOneAsync(client, limit.Token);
            Assert.All(api!.Answers, answer => Assert.Equal((200, "/api/v1/namespaces/actortrading/pods"), answer));
        }
        finally
        {
            await api!.DisposeAsync();
        }
    }

    /// <summary>Starts all pods at once, and checks that they form one cluster, closed to clients without certificate or token.</summary>
    private async Task StartAsync(PodCluster cluster)
    {
        await Task.WhenAll(cluster.Pods.Select(pod => pod.StartAsync()));
        using var client = Client(cluster);
        await cluster.IsOneAsync(client, limit.Token);

        using var stranger = cluster.Network.NewClient(cluster.Clients, isKept: false, secrets.IsOfDoors);
        using var content = new StringContent(PodCluster.FirstRecords[0], Encoding.UTF8);
        using var answer = await stranger.PostAsync(new Uri(cluster.Api + "/ingest"), content, limit.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var plain = new Uri(cluster.Api.Replace("https", "http", StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stranger.GetAsync(plain, limit.Token));
        foreach (var pod in cluster.Pods) await IsClosedToStrangersAsync(cluster, pod.Address!);
    }

    /// <summary>A node presents its certificate at the port for nodes, and closes connections without a client certificate.</summary>
    private async Task IsClosedToStrangersAsync(PodCluster cluster, string address)
    {
        var port = cluster.Manifests.Set.Spec.Template.Spec.Containers[0].Ports.Single(port => port.Name == "cluster").ContainerPort;
        X509Certificate? shown = null;
        using var socket = await cluster.Network.ConnectAsync(cluster.Clients, address, port, limit.Token);
        await using var stream = new SslStream(
            new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => (shown = certificate) is not null);
        var fault = await Record.ExceptionAsync(async () =>
        {
            await stream.AuthenticateAsClientAsync("actortrading-nodes");
            Assert.Equal(0, await stream.ReadAsync(new byte[1], limit.Token));
        });

        Assert.True(fault is null or IOException or AuthenticationException, $"{fault}");
        Assert.True(secrets.IsOfNodes(shown!));
    }

    private HttpClient Client(PodCluster cluster)
    {
        var client = cluster.Network.NewClient(cluster.Clients, isKept: false, secrets.IsOfDoors);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorSecrets.Token);
        return client;
    }

    /// <summary>The files that the process of a pod has in memory.</summary>
    private Task<string> LoadedAsync(Pod pod) => File.ReadAllTextAsync($"/proc/{pod.ProcessId}/maps", limit.Token);
}
