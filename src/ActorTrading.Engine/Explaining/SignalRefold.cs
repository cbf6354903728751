using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Explaining;

/// <summary>Folds a symbol again up to a signal and collects its explanation. Single use.</summary>
internal sealed class SignalRefold : IFoldOutput
{
    private readonly SignalId id;
    private readonly HostedSymbol hosted;
    private readonly CompiledRule? rule;
    private readonly double[] before;
    private readonly LinkedList<Record> records = [];
    private readonly Timestamp barEnd;
    private bool isLastOfBar;

    public SignalRefold(SignalId id, SymbolPlan plan)
    {
        this.id = id;
        hosted = new HostedSymbol(new SymbolState(id.Symbol, plan));
        rule = plan.SeriesOf(id.Frame)?.RuleOf(id.RuleId);
        before = new double[rule?.Operands.Count ?? 0];
        Array.Fill(before, Indicator.Absent);
        barEnd = id.Frame == Frame.Tick
            ? new Timestamp(id.BarTime.Nanoseconds + 1)
            : new Timestamp(plan.Calendar.BucketAt(id.Frame, id.BarTime).End);
    }

    public Signal? Signal { get; private set; }

    public Bar? Bar { get; private set; }

    /// <summary>The units of its prices and volume.</summary>
    public Units Units { get; private set; }

    public long Event { get; private set; }

    public IReadOnlyList<Record> Records => [.. records];

    public long RecordsOfBar { get; private set; }

    /// <summary>Whether events on which the signal may have fired were deleted.</summary>
    public bool IsPastDeleted { get; private set; }

    public IReadOnlyList<ExplainedValue> Values =>
        Signal is { } fired ? [.. fired.Values.Select((value, i) => new ExplainedValue(value.Name, before[i], value.Value))] : [];

    void IFoldOutput.OnSignal(Signal signal)
    {
        if (Signal is not null || SignalId.Of(signal) != id) return;
        Signal = signal;
        Bar = hosted.State.Ohlcv.LastBar(id.Frame);
        Units = hosted.State.Plan.Units;
        Event = hosted.LastEvent + 1;
    }

    void IFoldOutput.OnLate(in Record record)
    {
        if (Signal is not null || !isLastOfBar || id.Frame == Frame.Tick) return;
        records.RemoveLast(); // too late for its bar
        RecordsOfBar--;
    }

    void IFoldOutput.OnBar(SymbolState symbol, Series series, in Bar bar)
    {
    }

    void IFoldOutput.OnFault(IndicatorFault fault)
    {
    }

    /// <summary>Folds until the signal fires, or to the end of the events.</summary>
    /// <param name="number">The number of the signal; 0 if unknown.</param>
    public void Run(IJournalStore store, long number, CancellationToken cancellation)
    {
        if (rule is null) return;
        Position(store, number);
        if (IsPastDeleted) return;
        using var replay = new EventReplay(this, before: Note);
        RecoveryException? failure = null;
        store.Read(hosted.Id, hosted.LastEvent + 1, long.MaxValue, (in JournalRow row) =>
        {
            try
            {
                replay.Fold(hosted, row);
            }
            catch (RecoveryException e)
            {
                failure = e;
            }

            return failure is null && Signal is null && !cancellation.IsCancellationRequested;
        });
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null) throw failure;
    }

    /// <summary>
    /// Starts from a snapshot before the bar if there is one, otherwise from one before the signal, otherwise from the first event.
    /// </summary>
    private void Position(IJournalStore store, long number)
    {
        var snapshots = new SnapshotHistory(store, hosted);
        var beforeSignal = 0L;
        for (var goesBack = snapshots.TryRestoreAtMost(long.MaxValue); goesBack;
            goesBack = snapshots.TryRestoreAtMost(hosted.LastEvent - 1))
        {
            var ohlcv = hosted.State.Ohlcv;
            if (number > 0 && ohlcv.LastSignalNumber >= number) continue;
            if (ohlcv.LastTime < id.BarTime && (number > 0 || ohlcv.Signals == 0)) return;
            if (number > 0 && beforeSignal == 0) beforeSignal = hosted.LastEvent;
        }

        snapshots.Forget();
        if (!EventPlaces.IsFirstThere(store, hosted.Id)) IsPastDeleted = beforeSignal == 0 || !snapshots.TryRestoreAtMost(beforeSignal);
    }

    /// <summary>Called before a record or a clock advance is folded.</summary>
    private void Note(SymbolState state, in Record record)
    {
        if (Signal is not null) return;
        for (var i = 0; i < before.Length; i++) before[i] = state.Ohlcv.Value(rule!.Operands[i]);
        isLastOfBar = record.Symbol is not null && record.Time >= id.BarTime && record.Time < barEnd
            && Fold.IsPrice(state.Plan, record, out _);
        if (!isLastOfBar) return;
        if (id.Frame == Frame.Tick) // each price is its own bar
        {
            records.Clear();
            RecordsOfBar = 0;
        }

        if (records.Count == SignalExplanation.MaxRecords) records.RemoveFirst();
        records.AddLast(record);
        RecordsOfBar++;
    }
}
