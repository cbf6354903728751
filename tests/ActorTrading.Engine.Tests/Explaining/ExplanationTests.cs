using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Explaining;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Tests.Verifying;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Engine.Tests.Explaining;

/// <summary>
/// A signal whose log and journal disagree, or whose past is deleted, is explained as such. From the journal alone, without an engine.
/// </summary>
public class ExplanationTests
{
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];
    private readonly MemoryJournal journal = new();

    [Fact]
    public async Task SignalThatWasChangedInTheLog_IsDifferent()
    {
        var (_, log) = await journal.FillAsync(EveryFrame);
        var changed = new MemoryJournal();
        journal.CopyTo(changed, row => row.Id != PersistenceIds.Administrator);
        var signal = OfApple(log, 3);
        changed.Log(EveryFrame, signal with { Price = signal.Price + 1 });
        var explained = await ExplainAsync(changed, signal);
        Assert.Equal(ExplanationOutcome.Different, explained!.Outcome);
        Assert.Equal((signal.Price + 1, signal.Price), (explained.Logged!.Signal.Price, explained.Refolded!.Price));
    }

    [Fact]
    public async Task SignalThatTheLogLost_IsNotLogged_AndStillExplained()
    {
        var (_, log) = await journal.FillAsync(EveryFrame);
        var changed = new MemoryJournal();
        journal.CopyTo(changed, row => row.Id != PersistenceIds.Administrator);
        var signal = OfApple(log, 5);
        var explained = await ExplainAsync(changed, signal);
        Assert.Equal((ExplanationOutcome.NotLogged, null), (explained!.Outcome, explained.Logged));
        Assert.Equal(Seen.Signal(signal), Seen.Signal(explained.Refolded!));
    }

    [Fact]
    public async Task SignalThatNeverFired_IsToldSo()
    {
        var (_, log) = await journal.FillAsync(EveryFrame);
        var last = log.Signals.Last(signal => signal.Symbol.Name == "AAPL");
        var forged = last with { Number = last.Number + 1, BarTime = new(1) };
        journal.Log(EveryFrame, forged);
        var explained = await ExplainAsync(journal, forged);
        Assert.Equal((ExplanationOutcome.NotFired, null, 0L), (explained!.Outcome, explained.Refolded, explained.Event));
        Assert.Equal(forged.Values.Count, explained.Values.Count);
        Assert.Empty(explained.Records);
    }

    [Fact]
    public async Task SignalOfAnEarlierPlan_IsToldFromTheLog()
    {
        var (_, log) = await journal.FillAsync(EveryFrame);
        var signal = OfApple(log, 2);
        var explained = await new JournalHistory(Plan.Default, journal).ExplainAsync(signal.Id);
        Assert.Equal((ExplanationOutcome.OfAnotherPlan, null), (explained!.Outcome, explained.Refolded));
        Assert.Equal(Seen.Signal(signal), Seen.Signal(explained.Logged!.Signal));
        Assert.Contains(signal.RuleText, explained.Rule[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignalWhoseEventsAreDeleted_IsToldFromTheLog_AndALaterOneIsFoldedFromTheSnapshot()
    {
        var inputs = HostileMarkets.Stream(seed: 62, count: 900, step: 4 * Timestamp.Second);
        await journal.FillAsync(EveryFrame, [.. inputs.Take(500)], FilledJournal.Small with { DeleteCoveredEvents = true });
        await using (var engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal, FilledJournal.Small with { SnapshotEvery = 0 }))
        {
            await EngineReading.SendAsync(engine, inputs.Skip(500), 10);
        }

        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        var explained = await ExplainAsync(journal, OfApple(log, 1));
        Assert.Equal((ExplanationOutcome.EventsDeleted, null), (explained!.Outcome, explained.Refolded));
        var outcomes = new List<ExplanationOutcome>();
        foreach (var signal in log.Signals.TakeLast(60)) outcomes.Add((await ExplainAsync(journal, signal))!.Outcome);
        Assert.Contains(ExplanationOutcome.Same, outcomes);
        Assert.All(outcomes, outcome => Assert.True(outcome is ExplanationOutcome.Same or ExplanationOutcome.EventsDeleted));
    }

    [Fact]
    public async Task DamagedEventOnTheWay_IsNamed()
    {
        var (_, log) = await journal.FillAsync(EveryFrame, options: FilledJournal.Small with { SnapshotEvery = 0 });
        journal.DamageEvent("symbol-AAPL", 1);
        var failure = await Assert.ThrowsAsync<RecoveryException>(() => ExplainAsync(journal, OfApple(log, 3)));
        Assert.Equal(("symbol-AAPL", 1), (failure.PersistenceId, failure.SequenceNumber));
    }

    private static Signal OfApple(FoldLog log, long number) =>
        log.Signals.Single(signal => signal.Symbol.Name == "AAPL" && signal.Number == number);

    private static Task<SignalExplanation?> ExplainAsync(MemoryJournal from, Signal signal) =>
        new JournalHistory(EveryFrame, from).ExplainAsync(signal.Id);
}
