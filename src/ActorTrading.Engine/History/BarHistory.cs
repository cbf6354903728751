using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.History;

/// <summary>
/// Folds a symbol's journal again, starting from the newest suitable past state, and keeps the requested bars. For one reader.
/// </summary>
internal sealed class BarHistory : IFoldOutput, IDisposable
{
    private const int PageBars = 1_024;
    private const int PageEvents = 4_096;

    private readonly Frame frame;
    private readonly Timestamp from;
    private readonly Timestamp to;
    private readonly int pageBars = PageBars;
    private readonly HostedSymbol hosted;
    private readonly HistoryFold fold;
    private readonly BarValues values = new();
    private bool isPositioned;
    private bool isOver;

    public BarHistory(
        IJournalStore store, Waypoints waypoints, SymbolState empty, Frame frame, (Timestamp From, Timestamp To) span)
    {
        this.frame = frame;
        (from, to) = span;
        hosted = new HostedSymbol(empty);
        fold = new HistoryFold(store, hosted, waypoints, this);
    }

    /// <summary>Maximum number of bars in total: a page ends when it is reached.</summary>
    public int Limit
    {
        init => pageBars = Math.Min(PageBars, value);
    }

    /// <summary>The bars of the last page; may be empty.</summary>
    public List<BarClosed> Page { get; } = [];

    /// <summary>Folds the next page; false when everything was read.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public bool ReadPage()
    {
        Page.Clear();
        if (!isPositioned && !fold.TryBeginBefore(from, Helps)) fold.Begin();
        isPositioned = true;
        if (isOver) return false;
        var left = PageEvents;
        var isCut = false;
        fold.Run(long.MaxValue, () =>
        {
            isCut = --left == 0 || Page.Count >= pageBars;
            return !isCut && !IsPastTheEnd;
        });
        isOver = !isCut || IsPastTheEnd;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => fold.Dispose();

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

    // Bars close in time order; ticks, each a bar of its own, may come late.
    private bool IsPastTheEnd => frame != Frame.Tick && hosted.State.Ohlcv.LastBar(frame) is { } last && last.Opened >= to;

    /// <summary>Whether none of the requested bars was closed up to this state.</summary>
    private bool Helps(SymbolState state) =>
        frame == Frame.Tick ? state.Ohlcv.LastTime < from : state.Ohlcv.LastBar(frame) is not { } last || last.Opened < from;
}
