using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Tests;

/// <summary>One journal, opened by both engines in turn.</summary>
public sealed class JournalMovesTests : IDisposable
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("embedded", "cluster", "embedded")]
    [InlineData("cluster", "embedded", "cluster")]
    public async Task EngineContinues_WhatTheOtherOneHasBegun(string first, string second, string third)
    {
        var inputs = HostileMarkets.Stream(seed: 91, count: 1_800, step: 3 * Timestamp.Second);
        var third1 = inputs.Count / 3;
        await RunAsync(first, inputs, 0, third1, isDrained: true);
        await RunAsync(second, inputs, third1, 2 * third1, isDrained: false);
        await RunAsync(third, inputs, 2 * third1, inputs.Count, isDrained: true);

        var (market, log) = EngineReading.MarketOf(Plan, inputs);
        using var store = JournalStore.Open(folder.Path);
        var report = Verification.Run(store, Plan);
        Assert.Empty(report.Faults);
        Assert.True(report.IsComplete);
        Assert.Equal(market.Hash(), report.Hash);
        Assert.Equal((log.Signals.Count, 0), (report.Signals, report.SignalsToLog));
        Assert.True(report.Snapshots > 0);
        var manifests = new SortedSet<string>();
        store.ReadAll(0, (in JournalRow row) =>
        {
            Assert.Equal(EventManifests.SerializerId, row.SerializerId);
            manifests.Add(row.Manifest);
            return true;
        });
        Assert.Superset(new HashSet<string> { "ca1", "pl1", "ra1", "sg1" }, manifests);
        // An event may be cut so that it contains only ticks.
        Assert.Subset(new HashSet<string> { "ca1", "pl1", "ra1", "sg1", "ta1" }, manifests);
    }

    [Theory]
    [InlineData("embedded", "cluster")]
    [InlineData("cluster", "embedded")]
    public async Task PlanChangedInOneEngine_IsThatOfTheOther(string first, string second)
    {
        var changed = Domain.Plans.Plan.Parse("""{"frames":["1min"],"rules":["alert when close crosses above ema(3) on tick"]}""");
        var inputs = HostileMarkets.Stream(seed: 92, count: 900, step: 3 * Timestamp.Second).Where(input => input.Clock is null).ToList();
        var hash = "";
        foreach (var (kind, part) in new[] { first, second, first }.Zip(inputs.Chunk(1 + (inputs.Count / 3))))
        {
            using var store = kind == "embedded" ? JournalStore.Open(folder.Path) : null;
            await using var engine = store is null
                ? (IEngine)await Nodes.StartAsync(null, folder.Path)
                : await EmbeddedEngine.OpenAsync(null, store, new EmbeddedOptions { SnapshotEvery = 4 });
            if (hash.Length > 0) Assert.Equal((changed.Hash, hash), (engine.Plan.Hash, (await engine.HashAsync()).ToString()));
            await engine.ChangePlanAsync(Plan);
            await EngineReading.SendAsync(engine, part, 40);
            await engine.ChangePlanAsync(changed);
            hash = (await engine.HashAsync()).ToString();
            if (kind == first) await engine.DrainAsync();
        }

        using var journal = JournalStore.Open(folder.Path);
        foreach (var plan in new[] { null, Plan })
        {
            var report = Verification.Run(journal, plan);
            Assert.Empty(report.Faults);
            Assert.Equal(0, report.SignalsToLog);
            Assert.True(report.SignalsNotInForce > 0 || plan is not null);
        }
    }

    [Theory]
    [InlineData("embedded", "cluster")]
    [InlineData("cluster", "embedded")]
    public async Task RecordsExcludedInOneEngine_AreSoInTheOther(string first, string second)
    {
        var apple = Symbol.Parse("AAPL");
        var inputs = HostileMarkets.Stream(seed: 93, count: 900, step: 3 * Timestamp.Second).Where(input => input.Clock is null).ToList();
        var (hash, excluded) = ("", 0);
        foreach (var (kind, part) in new[] { first, second, first }.Zip(inputs.Chunk(1 + (inputs.Count / 3))))
        {
            using var store = kind == "embedded" ? JournalStore.Open(folder.Path) : null;
            await using var engine = store is null
                ? (IEngine)await Nodes.StartAsync(Plan, folder.Path)
                : await EmbeddedEngine.OpenAsync(Plan, store, new EmbeddedOptions { SnapshotEvery = 4 });
            if (hash.Length > 0) Assert.Equal(hash, (await engine.HashAsync()).ToString());
            Assert.Equal(excluded, engine.Plan.For(apple).Exclusions?.All.Count ?? 0);
            await EngineReading.SendAsync(engine, part, 40);
            var wrong = part.Where(input => input.Record.Symbol.Equals(apple) && input.Record.Kind == RecordKind.Tick).Skip(9)
                .First(input => input.Record.Id.IsSequenced).Record.Id;
            var outcome = await engine.ExcludeAsync(apple, new ExclusionRequest([new RecordFilter(wrong.Source, wrong.Epoch, wrong.Seq)]));
            Assert.Equal((true, ++excluded), (outcome.IsChanged, engine.Plan.For(apple).Exclusions!.All.Count));
            var again = await (await engine.SubmitAsync(
                part.Select(input => input.Record).Where(record => record.Id == wrong && record.Symbol.Equals(apple)).ToArray())).Durable;
            Assert.Equal((0, 0, 1), (again.Applied, again.Late, again.Duplicate));
            hash = (await engine.HashAsync()).ToString();
            if (kind == first) await engine.DrainAsync();
        }

        using var journal = JournalStore.Open(folder.Path);
        var report = Verification.Run(journal, plan: null);
        Assert.Empty(report.Faults);
        Assert.Equal(
            (hash, excluded, (long)excluded, 0), (report.Hash.ToString(), report.Exclusions, report.RecordsExcluded, report.SignalsToLog));
    }

    [Theory]
    [InlineData("embedded", "cluster")]
    [InlineData("cluster", "embedded")]
    public async Task SymbolDeletedInOneEngine_IsGoneInTheOther(string first, string second)
    {
        var apple = Symbol.Parse("AAPL");
        var inputs = HostileMarkets.Stream(seed: 94, count: 900, step: 3 * Timestamp.Second).Where(input => input.Clock is null).ToList();
        var hash = "";
        List<Domain.Records.Record> before = [];
        foreach (var (kind, part) in new[] { first, second, first }.Zip(inputs.Chunk(1 + (inputs.Count / 3))))
        {
            using var store = kind == "embedded" ? JournalStore.Open(folder.Path) : null;
            await using var engine = store is null
                ? (IEngine)await Nodes.StartAsync(Plan, folder.Path)
                : await EmbeddedEngine.OpenAsync(Plan, store, new EmbeddedOptions { SnapshotEvery = 4 });
            if (hash.Length > 0)
            {
                Assert.Equal(hash, (await engine.HashAsync()).ToString());
                Assert.DoesNotContain(apple, (await engine.SymbolsAsync()).Select(summary => summary.Symbol));
                Assert.Equal(before.Count, (await (await engine.SubmitAsync(before.ToArray())).Durable).Duplicate);
            }

            await EngineReading.SendAsync(engine, part, 40);
            var newest = (await engine.StateAsync(apple))!.Sources.Newest();
            Assert.NotEmpty(newest);
            before = [.. newest.Select(id => Domain.Records.Record.OfTick(apple, id, part[^1].Record.Time, Fixed8.One, Fixed8.One))];
            Assert.True((await engine.DeleteSymbolAsync(apple, "carol")).IsChanged);
            hash = (await engine.HashAsync()).ToString();
            if (kind == first) await engine.DrainAsync();
        }

        using var journal = JournalStore.Open(folder.Path);
        var report = Verification.Run(journal, plan: null);
        Assert.Empty(report.Faults);
        Assert.Equal(hash, report.Hash.ToString());
    }

    /// <summary>Opens an engine, checks that its state equals the market's, sends it more records, and ends it.</summary>
    private async Task RunAsync(string kind, IReadOnlyList<Input> inputs, int from, int to, bool isDrained)
    {
        using var store = kind == "embedded" ? JournalStore.Open(folder.Path) : null;
        await using var engine = store is null
            ? (IEngine)await Nodes.StartAsync(Plan, folder.Path)
            : await EmbeddedEngine.OpenAsync(Plan, store, new EmbeddedOptions { SnapshotEvery = 4 });
        var (before, logBefore) = EngineReading.MarketOf(Plan, inputs.Take(from));
        await EngineReading.AssertSameAsync(engine, before, logBefore);
        await EngineReading.SendAsync(engine, inputs.Skip(from).Take(to - from), 40);
        var (market, log) = EngineReading.MarketOf(Plan, inputs.Take(to));
        await EngineReading.AssertSameAsync(engine, market, log);
        if (isDrained) await engine.DrainAsync();
    }
}
