using System.Globalization;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Engine.Tests.Golden;

/// <summary>A journal written by an earlier version must open, recover and verify forever: see Golden/README.md.</summary>
public sealed class GoldenJournalTests : IDisposable
{
    private const string WriteVariable = "ACTORTRADING_WRITE_GOLDEN";

    private readonly TemporaryFolder folder = new();

    private static string Golden { get; } = Path.Combine(
        ReferenceData.RepositoryFolder(), "tests", "ActorTrading.Engine.Tests", "Golden", "v1");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task JournalOfVersion1_Recovers_FromItsSnapshots()
    {
        using var store = Copy();
        await using var engine = await EmbeddedEngine.OpenAsync(PlanOf(), store);
        Assert.Empty(engine.Recovery.SnapshotsUnused);
        Assert.Equal((engine.Recovery.Symbols, 0L), (engine.Recovery.SnapshotsUsed, engine.Recovery.Events));
        Assert.Equal(File.ReadAllLines(Path.Combine(Golden, "expected.txt")), await DescribeAsync(engine));
    }

    [Fact]
    public void JournalOfVersion1_Verifies_FromItsFirstEvent()
    {
        using var store = Copy();
        var report = Verification.Run(store, PlanOf());
        Assert.Empty(report.Faults);
        Assert.True(report.IsComplete);
        Assert.Contains($"state hash {report.Hash}", File.ReadAllLines(Path.Combine(Golden, "expected.txt")));
        Assert.True(report.Snapshots >= 2 * report.Symbols && report.Signals > 10 && report.SignalsToLog == 0);
    }

    [Fact]
    public void JournalOfVersion1_HoldsEveryKindOfRow()
    {
        using var store = Copy();
        var manifests = new SortedSet<string>(StringComparer.Ordinal);
        store.ReadAll(0, (in JournalRow row) =>
        {
            manifests.Add(row.Manifest);
            return true;
        });
        store.ReadLatestSnapshots((in JournalRow row) =>
        {
            manifests.Add(row.Manifest);
            return true;
        });
        Assert.Equal(["ca1", "ra1", "sg1", "ss1", "su1", "ta1"], manifests);
    }

    [Fact]
    public async Task JournalOfVersion1_GoesOn_WithWhatComesNext()
    {
        var plan = PlanOf();
        using var store = Copy();
        await using var engine = await EmbeddedEngine.OpenAsync(plan, store);
        var before = await engine.HashAsync();
        await engine.SubscribeAsync([Symbol.Parse("BTC/USD")]);
        await EngineReading.SendAsync(engine, HostileMarkets.Stream(seed: 82, count: 200, step: Timestamp.Minute), 20);
        Assert.NotEqual(before, await engine.HashAsync());
        await engine.DrainAsync();
        Assert.Empty(Verification.Run(store, plan).Faults);
    }

    [SkippableFact]
    public async Task WriteTheJournalOnce()
    {
        Skip.If(Environment.GetEnvironmentVariable(WriteVariable) != "1", $"writes the golden journal; only with {WriteVariable}=1");
        var plan = TestPlans.All["every frame"];
        var inputs = HostileMarkets.Stream(seed: 81, count: 600, step: 20 * Timestamp.Second);
        var address = folder.File("journal.db");
        using (var store = JournalStore.Open(address))
        {
            await using var engine = await EmbeddedEngine.OpenAsync(plan, store, new EmbeddedOptions { SnapshotEvery = 10 });
            await EngineReading.SendAsync(engine, inputs.Take(500), 8);
            await engine.SubscribeAsync([Symbol.Parse("AAPL"), Symbol.Parse("MSFT"), Symbol.Parse("BTC/USD")]);
            await engine.UnsubscribeAsync([Symbol.Parse("BTC/USD")]);
            await EngineReading.SendAsync(engine, inputs.Skip(500), 8);
            var expected = await DescribeAsync(engine);
            await engine.DrainAsync();
            Directory.CreateDirectory(Golden);
            File.WriteAllLines(Path.Combine(Golden, "expected.txt"), expected);
            File.WriteAllText(Path.Combine(Golden, "plan.json"), plan.ToJson());
        }

        File.Copy(address, Path.Combine(Golden, "journal.db"), overwrite: false);
    }

    private static Plan PlanOf() => Plan.Parse(File.ReadAllText(Path.Combine(Golden, "plan.json")));

    private static async Task<List<string>> DescribeAsync(EmbeddedEngine engine)
    {
        List<string> lines = [$"plan {engine.Plan.Hash}", $"state hash {await engine.HashAsync()}"];
        lines.AddRange(await EngineReading.HashesAsync(engine));
        lines.Add($"subscriptions {string.Join(' ', (await engine.SubscriptionsAsync()).Symbols)}");
        var signals = await EngineReading.SignalsAsync(engine, 0, (int)engine.LastSignal);
        lines.AddRange(
            signals.Select(logged => string.Create(CultureInfo.InvariantCulture, $"{logged.Position} {Seen.Signal(logged.Signal)}")));
        return lines;
    }

    private IJournalStore Copy()
    {
        File.Copy(Path.Combine(Golden, "journal.db"), folder.File("journal.db"));
        return JournalStore.Open(folder.File("journal.db"));
    }
}
