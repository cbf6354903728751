using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.DryRuns;

/// <summary>Folds one symbol with two plans in parallel, from the same event on. Single use.</summary>
internal sealed class DoubleFold(IJournalStore store, Symbol symbol, SymbolPlan present, SymbolPlan proposed)
{
    private const int EventsBack = 64;
    private const int EventsBetweenLooks = 64;

    private readonly string id = PersistenceIds.Of(symbol);

    /// <summary>The signals of the present plan, in the order of firing.</summary>
    public List<DrySignal> Present { get; } = [];

    /// <summary>The signals of the proposed plan.</summary>
    public List<DrySignal> Proposed { get; } = [];

    /// <summary>Whether the fold started after the symbol's first event.</summary>
    public bool IsFromLater { get; private set; }

    /// <summary>Records folded.</summary>
    public long Records { get; private set; }

    /// <summary>Exchange time of the oldest and the newest record folded.</summary>
    public (Timestamp First, Timestamp Last)? Span { get; private set; }

    /// <summary>Folds the last records, up to the limit of the request.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public DryRunEnd Run(DryRunRequest request, Func<bool> isTimeOver, CancellationToken cancellation)
    {
        var first = Math.Max(EventPlaces.First(store, id), BeginningOf(request.Records, isTimeOver, cancellation));
        IsFromLater = first > 1;
        var one = new Lane(symbol, present, first, request.From, Present) { OnRecord = Note };
        var other = new Lane(symbol, proposed, first, request.From, Proposed);
        var (end, left) = (isTimeOver() ? DryRunEnd.TimeLimit : DryRunEnd.Complete, EventsBetweenLooks);
        if (end != DryRunEnd.Complete) return end;
        RecoveryException? failure = null;
        store.Read(id, first, long.MaxValue, (in JournalRow row) =>
        {
            try
            {
                one.Fold(row);
                other.Fold(row);
            }
            catch (RecoveryException e)
            {
                failure = e;
            }

            if (Math.Max(Present.Count, Proposed.Count) > DryRunRequest.MaxSignals) end = DryRunEnd.TooManySignals;
            if (--left == 0 && isTimeOver()) end = DryRunEnd.TimeLimit;
            if (left == 0) left = EventsBetweenLooks;
            return failure is null && end == DryRunEnd.Complete && !cancellation.IsCancellationRequested;
        });
        cancellation.ThrowIfCancellationRequested();
        return failure is null ? end : throw failure;
    }

    private void Note(in Record record)
    {
        Records++;
        var (first, last) = Span ?? (record.Time, record.Time);
        Span = (record.Time < first ? record.Time : first, record.Time > last ? record.Time : last);
    }

    /// <summary>
    /// The event to start from, so that about <paramref name="most"/> records follow: no more, except the records of one event.
    /// </summary>
    /// <exception cref="RecoveryException">An event is damaged.</exception>
    private long BeginningOf(long most, Func<bool> isTimeOver, CancellationToken cancellation)
    {
        using var decoder = new EventDecoder();
        var found = 0L;
        var last = store.HighestSequenceNumber(id);
        while (last > 0 && !isTimeOver())
        {
            cancellation.ThrowIfCancellationRequested();
            var block = new List<(long Number, int Records)>(EventsBack);
            RecoveryException? failure = null;
            store.Read(id, Math.Max(1, last - EventsBack + 1), last, (in JournalRow row) =>
            {
                if (decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
                    block.Add((row.SequenceNumber, happened.Records.Length));
                else
                    failure = new RecoveryException(id, row.SequenceNumber, error.ToString());
                return failure is null;
            });
            if (failure is not null) throw failure;
            if (block.Count == 0) break; // the earlier events were deleted
            for (var i = block.Count - 1; i >= 0; i--)
            {
                if (found > 0 && found + block[i].Records > most) return block[i].Number + 1;
                found += block[i].Records;
            }

            last -= EventsBack;
        }

        return 1;
    }

    private delegate void RecordHandler(in Record record);

    /// <summary>One of the two folds.</summary>
    private sealed class Lane : IFoldOutput
    {
        private readonly HostedSymbol hosted;
        private readonly EventReplay replay;
        private readonly Timestamp from;
        private readonly List<DrySignal> signals;

        public Lane(Symbol symbol, SymbolPlan plan, long first, Timestamp from, List<DrySignal> signals)
        {
            (this.from, this.signals) = (from, signals);
            hosted = new HostedSymbol(new SymbolState(symbol, plan)) { LastEvent = first - 1 };
            replay = new EventReplay(this, before: (_, in record) =>
            {
                if (record.Symbol is not null) OnRecord?.Invoke(record);
            });
        }

        public RecordHandler? OnRecord { get; init; }

        public void Fold(in JournalRow row) => replay.Fold(hosted, row);

        void IFoldOutput.OnSignal(Signal signal)
        {
            if (signal.Time >= from) signals.Add(DrySignal.Of(signal));
        }

        void IFoldOutput.OnBar(SymbolState symbol, Series series, in Domain.Bars.Bar bar)
        {
        }

        void IFoldOutput.OnLate(in Record record)
        {
        }

        void IFoldOutput.OnFault(IndicatorFault fault)
        {
        }
    }
}
