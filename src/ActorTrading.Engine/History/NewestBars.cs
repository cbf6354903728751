using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.History;

/// <summary>
/// Finds the last bars of a symbol that opened before a moment. Goes backwards from one restored state to the previous one, and folds the
/// events between them, until there are enough bars: the newest state already contains the last bar. Single use.
/// </summary>
internal sealed class NewestBars : IFoldOutput, IDisposable
{
    private readonly IJournalStore store;
    private readonly Frame frame;
    private readonly Timestamp to;
    private readonly int limit;
    private readonly HostedSymbol hosted;
    private readonly Series series;
    private readonly HistoryFold fold;
    private readonly BarValues values = new();
    private readonly LinkedList<BarClosed> bars = []; // at most one more than requested
    private readonly Queue<BarClosed> closed = new(); // of the interval that is being folded
    private Timestamp? leftOut; // opening time of the newest bar that is older than the page

    public NewestBars(IJournalStore store, Waypoints waypoints, SymbolState empty, Frame frame, (Timestamp To, int Limit) wanted)
    {
        this.store = store;
        this.frame = frame;
        (to, limit) = wanted;
        hosted = new HostedSymbol(empty);
        series = empty.Plan.SeriesOf(frame)!;
        fold = new HistoryFold(store, hosted, waypoints, this);
    }

    /// <summary>Folds until there are enough bars.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public BarPage Find()
    {
        var last = long.MaxValue; // the last event of the interval
        var isBegun = fold.TryBeginBefore(to, Helps);
        while (true)
        {
            var first = isBegun ? hosted.LastEvent + 1 : fold.Begin();
            var start = hosted.LastEvent;
            var newest = hosted.State.Ohlcv.LastBar(frame) is { } bar && bar.Opened < to ? values.Take(hosted.State, series, bar) : null;
            var hadBar = hosted.State.Ohlcv.LastBar(frame) is not null;
            var lastTime = hosted.State.Ohlcv.LastTime;
            if (first <= last) Fold(last);
            if (!isBegun) return Page();
            // Checked before the fold: the state may have had no bar, or (with late ticks) only a bar that opened later.
            if (newest is null && (frame != Frame.Tick || !hadBar)) return Page();
            if (newest is not null && (frame == Frame.Tick ? bars.Count >= limit && lastTime < to : bars.Count + 1 >= limit))
            {
                Add(newest);
                if (frame == Frame.Tick) LeaveOut(lastTime);
                else if (bars.Count == limit && HasOlder(newest)) LeaveOut(new Timestamp(newest.Bar.OpenTime - 1));
                return Page();
            }

            last = start;
            isBegun = fold.TryBeginAtMost(start - 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => fold.Dispose();

    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
        if (series.Frame != frame || bar.Opened >= to) return;
        closed.Enqueue(values.Take(symbol, series, bar));
        if (closed.Count > limit + 1) LeaveOut(closed.Dequeue().Bar.Opened);
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

    // Bars close in time order; ticks, each a bar of its own, may come late.
    private bool IsPastTheEnd => frame != Frame.Tick && hosted.State.Ohlcv.LastBar(frame) is { } last && last.Opened >= to;

    /// <summary>
    /// Whether requested bars may still close after this state: no bar that opened at or after the end has closed yet. Always true for
    /// ticks.
    /// </summary>
    private bool Helps(SymbolState state) => frame == Frame.Tick || state.Ohlcv.LastBar(frame) is not { } last || last.Opened < to;

    private void Fold(long last)
    {
        fold.Run(last, () => !IsPastTheEnd);
        if (last == long.MaxValue) fold.End();
        foreach (var bar in closed.Reverse()) Add(bar);
        closed.Clear();
    }

    /// <summary>Adds a bar that is older than all bars in the list.</summary>
    private void Add(BarClosed bar)
    {
        if (bars.Count > limit) LeaveOut(bar.Bar.Opened);
        else bars.AddFirst(bar);
    }

    private void LeaveOut(Timestamp opened)
    {
        if (!(opened <= leftOut)) leftOut = opened;
    }

    private BarPage Page()
    {
        if (bars.Count > limit)
        {
            LeaveOut(bars.First!.Value.Bar.Opened);
            bars.RemoveFirst();
        }

        if (leftOut is not { } newest || bars.Count == 0) return new BarPage([.. bars], null);
        var oldest = bars.Min(bar => bar.Bar.Opened);
        return new BarPage([.. bars], newest < oldest ? oldest : new Timestamp(newest.Nanoseconds + 1));
    }

    /// <summary>
    /// Whether a record from before the bar was accepted; then the bar is not the first one. The record may have made no bar, if it was not
    /// a price.
    /// </summary>
    private bool HasOlder(BarClosed bar)
    {
        var hasOlder = false;
        using var decoder = new EventDecoder();
        store.Read(hosted.Id, 1, long.MaxValue, (in JournalRow row) =>
        {
            hasOlder = decoder.TryDecode(row.Manifest, row.Payload, out var first, out _)
                && !first.IsClockAdvanced && first.Records.Length > 0 && first.Records[0].Time < bar.Bar.Opened;
            return false;
        });
        return hasOlder;
    }
}
