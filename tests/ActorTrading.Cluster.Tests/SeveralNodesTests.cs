using System.Collections.Concurrent;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Xunit.Abstractions;

namespace ActorTrading.Cluster.Tests;

/// <summary>Three nodes on loopback, in one process, on one SQLite file.</summary>
public sealed class SeveralNodesTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> nodes = [];
    private readonly CapturedLog nodeLog = new();

    public async Task InitializeAsync()
    {
        var options = Nodes.Options(folder.Path) with { Loggers = nodeLog };
        nodes.Add(await ClusterEngine.StartAsync(Plan, options));
        for (var i = 1; i < 3; i++) nodes.Add(await ClusterEngine.StartAsync(Plan, options with { Seeds = [nodes[0].Address] }));
        await Nodes.AllHostSymbolsAsync(nodes);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
        // Nodes understand each other's messages.
        Assert.Equal((0, 0, 0), (nodeLog.Count("Refused"), nodeLog.Count("erialization failed"), nodeLog.Count("No serializer")));
    }

    [Fact]
    public async Task EveryNode_TakesRecordsForAllSymbols_AndTellsOfAll()
    {
        var senders = Senders(4, 1_500);
        await Task.WhenAll(senders.Select((inputs, number) => EngineReading.SendAsync(nodes[number % 3], inputs, 25)));
        var (market, log) = EngineReading.MarketOf(Plan, senders.SelectMany(inputs => inputs));
        foreach (var node in nodes) await EngineReading.AssertSameAsync(node, market, log);
        Assert.All(nodes, node => Assert.True(node.Partitions[0].Symbols > 0)); // distributed over all of them

        var ledger = await nodes[1].LedgerAsync();
        Assert.Empty(nodes[1].SilentNodes);
        Assert.Equal(market.Ledger.Lines.Select(Line), ledger.Select(Line));

        static string Line(LedgerLine line) =>
            $"{line.Source}: {line.Received} = {line.Applied} + {line.Duplicate} + {line.Late} + {line.Rejected}";
    }

    [SkippableTheory]
    [InlineData(0)] // the oldest: it hosts the administrator and the shard coordinator
    [InlineData(2)]
    public async Task KilledNode_TakesNothingWithIt_AndNoSignalIsMissedOrToldTwice(int victim)
    {
        if (victim == 2) LongTests.SkipInShortRun();
        var inputs = Senders(1, 6_000)[0];
        await EngineReading.SendAsync(nodes[1], inputs.Take(2_000), 20);
        Assert.True(nodes[victim].Partitions[0].Symbols > 0);
        var seeing = SeenAsync(nodes[1]); // earlier subscribers
        var sending = EngineReading.SendAsync(nodes[1], inputs.Skip(2_000), 20);
        await nodes[victim].DisposeAsync();
        var since = System.Diagnostics.Stopwatch.StartNew();
        await sending;
        output.WriteLine($"answered {since.Elapsed.TotalSeconds:0.0} s after the kill");

        var (market, log) = EngineReading.MarketOf(Plan, inputs);
        await EngineReading.AssertSameAsync(nodes[1], market, log);
        await EngineReading.AssertSameAsync(nodes[2 - victim], market, log);
        Assert.All(await nodes[1].LedgerAsync(), line => Assert.True(line.IsBalanced));
        await nodes[1].DrainAsync();
        Assert.Equal(log.Signals.Count, await seeing.WaitAsync(EngineReading.Timeout));
        using var store = JournalStore.Open(folder.Path);
        var report = Verification.Run(store, Plan);
        Assert.Empty(report.Faults);
        Assert.Equal(market.Hash(), report.Hash);

        static async Task<int> SeenAsync(IEngine engine)
        {
            var last = 0;
            await foreach (var signal in engine.SignalsAsync(0)) Assert.Equal(++last, signal.Position);
            return last;
        }
    }

    [Fact]
    public async Task LiveReader_SeesSymbolsOfAllNodes_EachInItsOrder()
    {
        var inputs = Senders(1, 40_000)[0];
        var names = inputs.Select(input => input.Record.Symbol.Name).Distinct().ToList();
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        var seen = new ConcurrentDictionary<string, ConcurrentQueue<string>>();
        var reading = ReadAsync();
        var sent = 0;
        while (seen.Count < names.Count) await SendAsync(); // until the other nodes know the subscriptions of this node
        foreach (var filter in (LiveFilter[])[new(Late: true), new(new HashSet<Symbol> { Symbol.Parse(names[0]) }), new(Ticks: true)])
        {
            using var other = new CancellationTokenSource(); // while more is wanted and less again, the first reader loses nothing
            _ = nodes[1].LiveAsync(filter, other.Token);
            for (var i = 0; i < 3; i++) await SendAsync();
            await other.CancelAsync();
        }

        Assert.All(nodes, node => Assert.True(node.Partitions[0].Symbols > 0));
        var journaled = names.ToDictionary(name => name, _ => new List<string>());
        using var store = JournalStore.Open(folder.Path);
        await foreach (var happened in new JournalHistory(Plan, store).RecordsAsync(0))
            journaled[happened.Symbol.Name].AddRange(happened.Records.Select(record => RecordText.Describe(record)));

        // From some record of each symbol up to its last, none is missing and none is repeated.
        while (!names.All(name => seen[name].Last() == journaled[name][^1])) await Task.Delay(10, patience.Token);
        foreach (var name in names) Assert.Equal(journaled[name].TakeLast(seen[name].Count), seen[name]);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        async Task SendAsync()
        {
            Assert.True(sent < inputs.Count, "the other nodes tell nothing");
            await EngineReading.SendAsync(nodes[0], inputs.Skip(sent).Take(200), 20);
            sent += 200;
        }

        async Task ReadAsync()
        {
            await foreach (var happened in nodes[1].LiveAsync(new LiveFilter(Bars: false, Ticks: true), patience.Token))
            {
                Assert.Equal(0, happened.Missed);
                var record = happened.Tick!.Value;
                seen.GetOrAdd(record.Symbol.Name, _ => []).Enqueue(RecordText.Describe(record));
            }
        }
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData(0)] // the oldest: it hosts the plan
    public async Task PlanChangedOnOneNode_UnderLoad_IsThatOfAll_AlsoWhenANodeDiesInTheMiddle(int? victim)
    {
        if (victim is null) LongTests.SkipInShortRun();
        var changed = Domain.Plans.Plan.Parse("""{"frames":["1min"],"rules":["alert when close crosses above ema(3) on tick"]}""");
        var inputs = Senders(1, 5_000)[0];
        await EngineReading.SendAsync(nodes[1], inputs.Take(1_000), 20);
        var sending = EngineReading.SendAsync(nodes[1], inputs.Skip(1_000), 20);
        var changing = nodes[2].ChangePlanAsync(changed);
        if (victim is { } dead)
        {
            await nodes[dead].DisposeAsync();
            nodes.RemoveAt(dead);
        }

        await changing.WaitAsync(EngineReading.Timeout);
        Assert.All(nodes, node => Assert.Equal(changed.Hash, node.Plan.Hash));
        var results = await sending.WaitAsync(EngineReading.Timeout);
        Assert.Equal(4_000, results.Sum(result => result.Applied + result.Late + result.Duplicate + result.Refused.Count));
        var hash = await nodes[0].HashAsync();
        Assert.Equal(hash, await nodes[1].HashAsync());
        await nodes[^1].DrainAsync();
        using var store = JournalStore.Open(folder.Path);
        var report = Verification.Run(store, plan: null);
        Assert.Empty(report.Faults);
        Assert.Equal(hash, report.Hash);
    }

    [Fact]
    public async Task DrainedNode_HandsItsSymbolsOver()
    {
        var inputs = Senders(1, 3_000)[0];
        await EngineReading.SendAsync(nodes[0], inputs.Take(1_000), 20);
        var sending = EngineReading.SendAsync(nodes[0], inputs.Skip(1_000), 20);
        await nodes[1].DrainAsync();
        await sending;
        var (market, log) = EngineReading.MarketOf(Plan, inputs);
        await EngineReading.AssertSameAsync(nodes[0], market, log);
        await Assert.ThrowsAsync<EngineStoppedException>(async () => await nodes[1].SubmitAsync(new[] { inputs[0].Record }));
    }

    private static List<List<Input>> Senders(int count, int ticks) =>
        [.. Enumerable.Range(0, count).Select(number => EngineReading.Inputs(MarketGenerator.Generate(MarketOptions.Hostile with
        {
            Symbols = 12, Names = [.. Enumerable.Range(0, 12).Select(symbol => $"S{number}.{symbol}")], Source = $"feed-{number}",
            Ticks = ticks, Seed = (ulong)number + 3, Step = Timestamp.Second, Kinds = new KindMix { Tick = 8, Quote = 2, Bar = 1 },
        })))];
}
