using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Nodes run in Akka.Remote's untrusted mode, and do not send each other messages that this mode drops.</summary>
public sealed class SelectionsTests : IAsyncLifetime
{
    private const string Untrusted = "ntrusted"; // the common part of Akka.NET's log lines about it

    private readonly TemporaryFolder folder = new();
    private readonly CapturedLog log = new() { Least = Microsoft.Extensions.Logging.LogLevel.Debug };
    private readonly List<ClusterEngine> nodes = [];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            nodes.Add(await ClusterEngine.StartAsync(TestPlans.All["every frame"], Nodes.Options(folder.Path) with
            {
                Seeds = i == 0 ? [] : [nodes[0].Address],
                Loggers = log,
                Hocon = Nodes.Hasty + "\nakka.loglevel = DEBUG",
            }));
        }

        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task NodesThatWork_JoinAndLeave_LoseNoMessageToIt()
    {
        var inputs = HostileMarkets.Stream(seed: 6, count: 900, step: Timestamp.Second);
        await EngineReading.SendAsync(nodes[0], inputs.Take(300), 20);
        await nodes[1].ChangePlanAsync(Plan.Parse("""{"frames":["1min"]}"""));
        await nodes[2].SubscribeAsync([Symbol.Parse("AAPL")]);
        await nodes[2].UnsubscribeAsync([Symbol.Parse("AAPL")]);
        foreach (var node in nodes) Assert.Empty((await node.ShardsAsync()).SilentNodes);
        await nodes[1].LedgerAsync();
        await nodes[1].DisposeAsync(); // one that dies
        await EngineReading.SendAsync(nodes[2], inputs.Skip(300).Take(300), 20);
        await nodes[0].DrainAsync(); // the oldest: singletons and the coordinator move
        await EngineReading.SendAsync(nodes[2], inputs.Skip(600), 20);
        await nodes[2].HashAsync();
        Assert.Empty(log.Lines.Where(line => line.Contains(Untrusted, StringComparison.Ordinal))
            .Select(line => line[line.IndexOf(Untrusted, StringComparison.Ordinal)..]).Distinct());
    }

    [Theory]
    [InlineData("user", "quarantine")]
    [InlineData("user", "*")]
    [InlineData("system", "sharding", "symbol", "*")]
    public async Task StrangersSelection_OfAnotherActor_IsDropped(params string[] elements)
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        using var stranger = await Stranger.ConnectAsync(nodes[1].Address, patience.Token);
        await stranger.SendAsync("/", Frames.Selection(Frames.Identify("who"), elements), patience.Token);
        Assert.True(await stranger.IsThereAsync("/user/gateway", patience.Token));
        while (log.Count($"dropping inbound actor selection to [/{string.Join('/', elements)}]") == 0) await Task.Delay(20, patience.Token);
    }
}
