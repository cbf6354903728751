using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Akka.Actor;
using Akka.Hosting;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>A node without TLS that hosts symbols. Shared by several tests, until one of them fails.</summary>
public sealed class ReachedNode : IAsyncLifetime
{
    private const int Portion = 10;

    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly List<Input> inputs = [.. HostileMarkets.Stream(seed: 5, count: 3_000, step: Timestamp.Second)];
    private TemporaryFolder folder = null!;
    private int sent;
    private bool isSound;
    private Task stopped = null!;

    /// <summary>The running node.</summary>
    public ClusterEngine Node { get; private set; } = null!;

    /// <summary>Starts a node, unless an undamaged one is running.</summary>
    public async Task StartAsync()
    {
        if (!isSound)
        {
            await DisposeAsync();
            folder = new TemporaryFolder();
            Node = await ClusterEngine.StartAsync(Plan, Nodes.Options(folder.Path));
            sent = 300;
            await EngineReading.SendAsync(Node, inputs.Take(sent), 20);
            var registry = ActorRegistry.For(Node.System);
            IActorRef[] actors = [registry.Get<ActorKeys.Symbols>(), registry.Get<ActorKeys.Gateway>(), registry.Get<ActorKeys.Shards>(),
                registry.Get<ActorKeys.Window>(), registry.Get<ActorKeys.Live>()];
            stopped = Task.WhenAny(actors.Select(actor => actor.WatchAsync()));
        }

        isSound = false;
    }

    /// <summary>Checks that no actor has stopped, that the node accepts records, and that its state equals the market's.</summary>
    public async Task AssertSoundAsync()
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        await EngineReading.SendAsync(Node, inputs.Skip(sent).Take(Portion), 20).WaitAsync(patience.Token);
        var (market, log) = EngineReading.MarketOf(Plan, inputs.Take(sent += Portion));
        await EngineReading.AssertSameAsync(Node, market, log);
        Assert.False(stopped.IsCompleted, "an actor has stopped");
        Assert.Null(Node.Failure);
        isSound = true;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (Node is null) return;
        await Node.DisposeAsync();
        folder.Dispose();
    }
}
