using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorTrading.Cluster;
using ActorTrading.Domain.Plans;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Ingest;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Deployment.Tests.Discovery;

/// <summary>Nodes that find each other through an API server that answers like Kubernetes, each with its own port on loopback.</summary>
public sealed class DiscoveredClusterTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<ClusterEngine, IHost> hosts = [];
    private readonly LogLines log = new();
    private KubernetesApi api = null!;

    public async Task InitializeAsync()
    {
        api = await KubernetesApi.StartAsync(isEncrypted: true);
        await File.WriteAllTextAsync(folder.File("token"), api.Token);
        await File.WriteAllTextAsync(folder.File("ca.crt"), api.Authority);
        await File.WriteAllTextAsync(folder.File("namespace"), KubernetesApi.Namespace);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in hosts.Keys.ToArray()) await KillAsync(node);
        await api.DisposeAsync();
        log.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ThreePods_AreOneCluster_AndOneThatComesLaterIsOfIt()
    {
        var nodes = await Task.WhenAll(StartAsync("a"), StartAsync("b"), StartAsync("c"));
        await AreOneClusterAsync(nodes);

        var fourth = await StartAsync("d");
        await AreOneClusterAsync([.. nodes, fourth]);
        // On a busy machine the API may answer late: the lookup is repeated.
        Assert.DoesNotContain(log.Lines, static line => !line.Contains("Resolve attempt failed", StringComparison.Ordinal));

        // The pod of a dead node remains visible for a while, although nothing answers there.
        await KillAsync(nodes[0]);
        var fifth = await StartAsync("e");
        await AreOneClusterAsync([nodes[1], nodes[2], fourth, fifth]);
        api.Remove("a");
        await fifth.DrainAsync();
        await AreOneClusterAsync([nodes[1], nodes[2], fourth]);
    }

    [Fact]
    public async Task PodThatIsAlone_BeginsNoCluster_UntilThereAreEnough()
    {
        var first = StartAsync("a");
        await Until.True(() => api.Answers.Count > 6, "it looks for others");
        Assert.False(first.IsCompleted);

        var second = await StartAsync("b");
        await AreOneClusterAsync([await first, second]);
    }

    [Fact]
    public async Task NodeWhoseAccountMayNotListPods_EndsAndSaysWhy()
    {
        api.Rules = [];

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => StartAsync("a", TimeSpan.FromSeconds(3)));

        Assert.Contains(
            "pods with the selector 'app.kubernetes.io/name=actortrading' and a port 'management'", failure.Message,
            StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("403 Forbidden: pods is forbidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PortThatIsTaken_IsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync("a", port: port));

        Assert.StartsWith($"port {port} for cluster discovery: ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Starts a node and adds its pod to Kubernetes; completes when the node is in a cluster.</summary>
    private async Task<ClusterEngine> StartAsync(string name, TimeSpan? patience = null, int? port = null)
    {
        port ??= FreePort.Next();
        api.Put(KubernetesApi.NodePod(name, "127.0.0.1", port.Value));
        var engine = ClusterEngine.Open(Plan.Default, new ClusterOptions
        {
            Journal = folder.File("journal.db"),
            Discovery = new KubernetesDiscovery { Selector = "app.kubernetes.io/name=actortrading", Port = port.Value },
            StartPatience = patience ?? EngineReading.Timeout,
            Loggers = log,
            Hocon = $$"""
                akka.discovery.kubernetes {
                  address = "{{api.Address}}"
                  token-file = "{{folder.File("token")}}", ca-file = "{{folder.File("ca.crt")}}"
                  namespace-file = "{{folder.File("namespace")}}"
                }
                akka.management.cluster.bootstrap.contact-point-discovery.stable-margin = 2 s
                akka.cluster.failure-detector.acceptable-heartbeat-pause = 8 s
                akka.cluster.split-brain-resolver.stable-after = 2 s
                """,
        });
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTradingNode(engine);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            lock (hosts) hosts.Add(engine, host);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            host.Dispose();
            throw;
        }
    }

    private async Task KillAsync(ClusterEngine node)
    {
        lock (hosts) hosts.Remove(node, out _);
        await node.DisposeAsync();
    }

    /// <summary>Waits until each node knows all others and no more.</summary>
    private static async Task AreOneClusterAsync(IReadOnlyCollection<ClusterEngine> nodes)
    {
        foreach (var node in nodes)
        {
            var others = nodes.Where(other => other != node).Select(other => other.Address).Order().ToArray();
            await Until.True(
                () => node.NodesWith(NodeRole.Symbols).Order().SequenceEqual(others), $"{node.Address} knows {string.Join(", ", others)}");
        }
    }

    private sealed class LogLines : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IReadOnlyList<string> Lines => [.. lines];

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
