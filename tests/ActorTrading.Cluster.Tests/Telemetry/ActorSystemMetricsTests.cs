using System.Diagnostics.Metrics;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Telemetry;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Telemetry;

/// <summary>Two nodes in one process, and the Akka.NET metrics of each.</summary>
public sealed class ActorSystemMetricsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly List<EngineMeter> meters = [new(), new()];
    private readonly List<ClusterEngine> nodes = [];

    public async Task InitializeAsync()
    {
        nodes.Add(await ClusterEngine.StartAsync(Plan.Default, Nodes.Options(folder.Path) with { Meter = meters[0] }));
        nodes.Add(
            await ClusterEngine.StartAsync(
                Plan.Default, Nodes.Options(folder.Path) with { Meter = meters[1], Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        foreach (var meter in meters) meter.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task MembersAndShards_AreTold_AlsoWhenANodeLeaves()
    {
        using var recovered = new Recordings(meters, "actortrading.recovery.symbol.duration");
        await EngineReading.SendAsync(
            nodes[0],
            EngineReading.Inputs(MarketGenerator.Generate(new MarketOptions { Symbols = 24, Ticks = 500, Step = Timestamp.Second })), 50);
        Assert.Equal(24, recovered.Count);
        Assert.All(meters, meter => Assert.Equal(
            (0, 2, 0), (Read(meter, "recovery.under.way"), Read(meter, "cluster.members", "up"), Read(meter, "cluster.unreachable"))));
        Assert.Equal(1, meters.Sum(meter => Read(meter, "cluster.leader")));
        var (first, second) = (Read(meters[0], "shard.hosted"), Read(meters[1], "shard.hosted"));
        var all = nodes.SelectMany(node => node.HostedSymbols).Select(nodes[0].ShardOf).Distinct().Count();
        Assert.Equal(all, first + second);
        Assert.True(first > 0 && second > 0);
        Assert.Equal(second, Read(meters[1], "shard.moves", "in"));

        await nodes[1].DrainAsync();
        await EngineReading.UntilAsync(() => (Read(meters[0], "shard.hosted"), Read(meters[0], "cluster.members", "up")) == (all, 1));
        await EngineReading.UntilAsync(() => Read(meters[1], "shard.moves", "out") == second);
        Assert.Equal(all, Read(meters[0], "shard.moves", "in"));
        Assert.Equal(0, Read(meters[0], "shard.moves", "out"));
    }

    [Fact]
    public async Task DeadLetters_AreCounted_ByKind()
    {
        var before = Read(meters[0], "dead.letters", "undelivered");
        nodes[0].System.ActorSelection("/user/nobody").Tell("hello");
        await EngineReading.UntilAsync(() => Read(meters[0], "dead.letters", "undelivered") > before);
        before = Read(meters[0], "dead.letters", "unhandled");
        nodes[0].System.ActorSelection("/user/gateway").Tell("hello");
        await EngineReading.UntilAsync(() => Read(meters[0], "dead.letters", "unhandled") > before);
    }

    [Fact]
    public async Task MessagesThatWait_AreCounted_ByActor()
    {
        Assert.Equal(0, Read(meters[0], "mailbox.messages", "window"));
        var window = (IInternalActorRef)await nodes[0].System.ActorSelection("/user/window").ResolveOne(EngineReading.Timeout);
        window.Suspend();
        for (var i = 0; i < 3; i++) window.Tell(new Identify(i));
        await EngineReading.UntilAsync(() => Read(meters[0], "mailbox.messages", "window") == 3);
        window.Resume(null);
        await EngineReading.UntilAsync(() => Read(meters[0], "mailbox.messages", "window") == 0);
        string[] local = ["region", "gateway", "live", "topics", "journal", "coordinator", "administrator"];
        Assert.All(local, actor => Assert.Equal(0, Read(meters[0], "mailbox.messages", actor)));
        Assert.Equal(-1, Read(meters[1], "mailbox.messages", "administrator")); // it is on the other node
    }

    /// <summary>The value of an instrument with a label; -1 if there is none.</summary>
    internal static long Read(EngineMeter meter, string instrument, string? label = null)
    {
        long found = -1;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (published, asked) =>
        {
            if (published.Meter == meter.Meter && published.Name == $"actortrading.{instrument}") asked.EnableMeasurementEvents(published);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Take(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Take(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return found;

        void Take(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (label is null || (tags.Length > 0 && Equals(tags[0].Value, label))) found = value;
        }
    }

    /// <summary>The number of values that a histogram of any of the meters has recorded.</summary>
    private sealed class Recordings : IDisposable
    {
        private readonly MeterListener listener = new();
        private int count;

        public Recordings(IEnumerable<EngineMeter> meters, string instrument)
        {
            listener.InstrumentPublished = (published, asked) =>
            {
                if (published.Name == instrument && meters.Any(meter => meter.Meter == published.Meter))
                    asked.EnableMeasurementEvents(published);
            };
            listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref count));
            listener.Start();
        }

        public int Count => Volatile.Read(ref count);

        public void Dispose() => listener.Dispose();
    }
}
