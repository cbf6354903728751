using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.DryRuns;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Tests.Verifying;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Engine.Tests.DryRuns;

/// <summary>The fate of signals in a dry run, and when a dry run ends.</summary>
public class DryRunTests
{
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];

    [Fact]
    public async Task DryRun_OfThePlanInForce_GivesEverySignalOfTheLog_AndAllStay()
    {
        var journal = new MemoryJournal();
        var (_, log) = await journal.FillAsync(EveryFrame);
        var past = new JournalHistory(EveryFrame, journal);
        var request = new DryRunRequest(EveryFrame, await past.SymbolsAsync()) { Records = DryRunRequest.MaxRecords };
        var report = await past.DryRunAsync(request);
        Assert.Equal((DryRunEnd.Complete, 0), (report.End, report.SymbolsNotReached));
        Assert.Equal((log.Signals.Count, log.Signals.Count), ((int)report.Counts.Present, (int)report.Counts[SignalFate.Stays]));
        Assert.True(report.Records > 0 && report.Symbols > 1);
    }

    [Fact]
    public async Task DryRunWithoutTime_EndsAtOnce_AndSaysWhatIsLeft()
    {
        var journal = new MemoryJournal();
        await journal.FillAsync(EveryFrame);
        var past = new JournalHistory(EveryFrame, journal);
        var symbols = await past.SymbolsAsync();
        var report = await past.DryRunAsync(new DryRunRequest(EveryFrame, symbols) { TimeLimit = TimeSpan.Zero });
        Assert.Equal((DryRunEnd.TimeLimit, 0, symbols.Count), (report.End, report.Symbols, report.SymbolsNotReached));
        Assert.Equal(0, report.Counts.Present + report.Counts.Proposed);
        Assert.Empty(report.Signals);
        Assert.Null(report.Span);
    }

    [Fact]
    public async Task DryRunThatIsCancelled_Ends()
    {
        var journal = new MemoryJournal();
        await journal.FillAsync(EveryFrame);
        var past = new JournalHistory(EveryFrame, journal);
        using var cancelled = new CancellationTokenSource();
        var symbols = await past.SymbolsAsync();
        await cancelled.CancelAsync();
        var request = new DryRunRequest(EveryFrame, symbols);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => past.DryRunAsync(request, cancelled.Token));
    }

    [Fact]
    public void Signals_StayByIdOrMoment_MoveWithinTenBars_AndOtherwiseComeAndGo()
    {
        DrySignal[] present = [Of("a", 0), Of("a", 60), Of("b", 100), Of("c", 10), Of("c", 1_000), Of("d", 0, SignalAction.Sell, "sell-1")];
        DrySignal[] proposed =
        [
            Of("a", 0), Of("a", 60, rule: "buy-2"), Of("b", 100 + 600, rule: "buy-2"), Of("c", 10 + 601, rule: "buy-2"), Of("d", 0),
        ];
        var told = SignalComparison.Of(present, proposed)
            .Select(one => $"{one.Signal.Rule} {one.Fate}: {Second(one.Present)} {Second(one.Proposed)}".TrimEnd());
        string[] expected =
            ["a Stays: 0 0", "a Stays: 60 60", "b Moves: 100 700", "c Moves: 1000 611", "c Goes: 10", "d Comes:  0", "d Goes: 0"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    private static long? Second(DrySignal? signal) => signal?.Time.Nanoseconds / Timestamp.Second;

    private static DrySignal Of(string name, long second, SignalAction action = SignalAction.Buy, string rule = "buy-1")
    {
        var time = new Timestamp(second * Timestamp.Second);
        return new DrySignal(new SignalId(Symbol.Parse("A"), rule + name, Frame.OneMinute, time, 0), name, action, time, 1, 8);
    }
}
