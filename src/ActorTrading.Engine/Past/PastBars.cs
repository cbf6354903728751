using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Past;

/// <summary>Folds a symbol's journal once more, from the newest snapshot that helps, and keeps the bars asked for. For one reader.</summary>
internal sealed class PastBars : IFoldOutput
{
    private const int PageBars = 1_024;
    private const int PageEvents = 4_096;

    private readonly IJournalStore store;
    private readonly Frame frame;
    private readonly Timestamp from;
    private readonly Timestamp to;
    private readonly HostedSymbol hosted;
    private readonly EventReplay replay;
    private readonly BarValues values = new();
    private bool isPositioned;
    private bool isOver;

    public PastBars(IJournalStore store, Symbol symbol, SymbolPlan plan, Frame frame, Timestamp from, Timestamp to)
    {
        this.store = store;
        this.frame = frame;
        this.from = from;
        this.to = to;
        hosted = new HostedSymbol(new SymbolState(symbol, plan));
        replay = new EventReplay(this);
    }

    /// <summary>The bars that the last page brought, perhaps none.</summary>
    public List<BarClosed> Page { get; } = [];

    /// <summary>Folds on for a page; false when all has been read.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public bool ReadPage(CancellationToken cancellation)
    {
        Page.Clear();
        if (!isPositioned) Position();
        isPositioned = true;
        if (isOver) return false;
        var left = PageEvents;
        RecoveryException? failure = null;
        var isCut = false;
        store.Read(hosted.Id, hosted.LastEvent + 1, long.MaxValue, (in JournalRow row) =>
        {
            try
            {
                replay.Fold(hosted, row.SequenceNumber, row.Manifest, row.SerializerId, row.Payload);
            }
            catch (RecoveryException e)
            {
                failure = e;
            }

            isCut = --left == 0 || Page.Count >= PageBars;
            return failure is null && !isCut && !IsPastTheEnd && !cancellation.IsCancellationRequested;
        });
        isOver = !isCut || IsPastTheEnd;
        cancellation.ThrowIfCancellationRequested();
        return failure is null ? true : throw failure;
    }

    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        if (series.Frame == frame && bar.Opened >= from && bar.Opened < to) Page.Add(values.Take(symbol, series, bar));
    }

    public void OnSignal(Signal signal)
    {
    }

    public void OnLate(in Record record)
    {
    }

    public void OnFault(IndicatorFault fault)
    {
    }

    // Bars close in the order of their times; ticks, each a bar of its own, may come late.
    private bool IsPastTheEnd => frame != Frame.Tick && hosted.State.Ohlcv.LastBar(frame) is { } last && last.Opened >= to;

    /// <summary>Whether a state has put out none of the bars asked for yet.</summary>
    private bool Helps(SymbolState state) =>
        frame == Frame.Tick ? state.Ohlcv.LastTime < from : state.Ohlcv.LastBar(frame) is not { } last || last.Opened < from;

    private void Position()
    {
        var snapshots = new PastSnapshots(store, hosted);
        var goesBack = snapshots.TryRestoreAtMost(long.MaxValue);
        while (goesBack && !Helps(hosted.State)) goesBack = snapshots.TryRestoreAtMost(hosted.LastEvent - 1);
        if (goesBack) return;

        // No snapshot helps: from the first event, or from the oldest snapshot where the events before it were deleted.
        var first = 0L;
        store.Read(hosted.Id, 1, long.MaxValue, (in JournalRow row) =>
        {
            first = row.SequenceNumber;
            return false;
        });
        if (first <= 1 || !snapshots.TryRestoreAtMost(first - 1)) snapshots.Forget();
    }
}
