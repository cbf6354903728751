using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.TestKit.Engines;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;

namespace ActorTrading.Cluster.Tests;

/// <summary>Nodes for tests: on loopback, with timings for a cluster of close nodes.</summary>
internal static class Nodes
{
    /// <summary>Shorter intervals; nothing else differs.</summary>
    public const string Hasty = """
        akka.cluster {
          gossip-interval = 50 ms
          leader-actions-interval = 50 ms
          unreachable-nodes-reaper-interval = 100 ms
          periodic-tasks-initial-delay = 10 ms
          sharding.retry-interval = 100 ms
          sharding.waiting-for-state-timeout = 1 s
          singleton.min-number-of-hand-over-retries = 10
          singleton.hand-over-retry-interval = 100 ms
          singleton-proxy.singleton-identification-interval = 50 ms
          pub-sub.gossip-interval = 50 ms
          distributed-data.notify-subscribers-interval = 20 ms
          failure-detector.heartbeat-interval = 500 ms
          failure-detector.acceptable-heartbeat-pause = 8 s
          split-brain-resolver.stable-after = 1 s
          down-removal-margin = 1 s
        }
        akka.remote.dot-netty.tcp.connection-timeout = 2 s
        akka.coordinated-shutdown.default-phase-timeout = 10 s
        """;

    public static ClusterOptions Options(string journal) =>
        new() { Journal = journal, SnapshotEvery = 4, SignalSnapshotEvery = 16, Hocon = Hasty, ResendAfter = TimeSpan.FromSeconds(1) };

    /// <summary>Waits until the shard coordinator knows all nodes: only then are new symbols distributed over them.</summary>
    public static async Task AllHostSymbolsAsync(IReadOnlyCollection<ClusterEngine> nodes)
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        foreach (var node in nodes)
        {
            var region = ActorRegistry.For(node.System).Get<ActorKeys.Symbols>();
            while ((await region.Ask<CurrentRegions>(GetCurrentRegions.Instance, patience.Token)).Regions.Count < nodes.Count)
                await Task.Delay(20, patience.Token);
        }
    }

    public static Task<ClusterEngine> StartAsync(Plan? plan, string journal) => ClusterEngine.StartAsync(plan, Options(journal));
}
