using ActorTrading.Host.Api;
using ActorTrading.Host.Tests;
using ActorTrading.Lab.Benching;

namespace ActorTrading.Lab.Tests.Benching;

/// <summary>A load against a running node, with its API.</summary>
public sealed class BenchRunTests
{
    private const string Plan =
        """{ "frames": ["1min"], "indicators": ["sma(2)"], "rules": [{ "name": "up", "rule": "buy when close crosses above sma(2) on 1min" }] }""";

    [Fact]
    public async Task RunningNode_IsMeasuredAtASubscriber_AndItsLedgerIsComparedBeforeAndAfter()
    {
        await using var node = await RunningNode.StartAsync(Plan);
        using var api = new NodeApi(node.Node.Http[0], token: "");
        var options = new BenchOptions(
            Symbols: 10, Rate: 20_000, TimeSpan.FromSeconds(1), WarmUp: TimeSpan.Zero, Binary: true, Connections: 2, Window: 131_072,
            To: node.Node.Ingest.Address, Api: api, Plan: null, Data: null);
        var first = await new BenchRun(options).RunAsync(CancellationToken.None);
        Assert.Empty(first.Faults);
        Assert.True(first.BarLatency.Count > 0);
        Assert.True(first.SignalLatency.Count > 0);
        Assert.Equal(first.Sent, first.Ledger.Sum(line => line.Counts.Applied));

        // The same market again is late or duplicate; the ledger entries of the first run are not counted again.
        var second = await new BenchRun(options).RunAsync(CancellationToken.None);
        Assert.Empty(second.Faults);
        Assert.Equal(second.Sent, second.Ledger.Sum(line => line.Counts.Received));
    }
}
