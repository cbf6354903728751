using System.Runtime.CompilerServices;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;

namespace ActorTrading.Engine.Symbols;

/// <summary>
/// What a table of the market shows of a symbol beyond its state: the last closes of one frame and the close of the day
/// before. Written when a bar closes, never by a tick. Not part of the state: a snapshot does not restore it. For one
/// thread.
/// </summary>
internal sealed class MarketTrace(SymbolPlan plan)
{
    /// <summary>How many closes are kept.</summary>
    public const int Kept = 30;

    private readonly Series? spark = Array.Find(plan.BarSeries, series => series.Index >= 0 && series.Frame == Frame.OneMinute)
        ?? Array.Find(plan.BarSeries, series => series.Index >= 0);

    private readonly Series? daily = Array.Find(plan.BarSeries, series => series.Index >= 0 && series.Frame == Frame.OneDay);
    private long[]? closes;
    private long closed;
    private long? lastDay; // the close of the last closed daily bar
    private long? dayBefore; // and of the one before

    /// <summary>A copy that goes its own way.</summary>
    public MarketTrace Copy()
    {
        var copy = (MarketTrace)MemberwiseClone();
        copy.closes = closes?.ToArray();
        return copy;
    }

    /// <summary>Whether there is nothing in it yet.</summary>
    public bool IsEmpty => closes is null && lastDay is null && dayBefore is null;

    /// <summary>A bar has closed. Daily bars come after the smaller ones that end with them.</summary>
    public void OnBar(SymbolState state, Series series, in Bar bar)
    {
        if (series == spark)
        {
            closes ??= new long[Kept];
            closes[closed++ % Kept] = bar.Close;
            if (lastDay is null && daily is not null && series != daily)
                lastDay = state.Ohlcv.LastBar(Frame.OneDay)?.Close; // a snapshot had it
        }

        if (series == daily) (dayBefore, lastDay) = (lastDay, bar.Close);
    }

    /// <summary>What the symbol shows at present.</summary>
    public MarketReading Read(SymbolState state, long events)
    {
        var ohlcv = state.Ohlcv;
        var open = daily is null ? null : ohlcv.BarSoFar(Frame.OneDay);
        var last = daily is null ? null : ohlcv.LastBar(Frame.OneDay);
        return new MarketReading(
            state.Symbol, events, plan.Units, ohlcv.NewestPrice, ohlcv.LastTime,
            state.Sources.Applied + state.Sources.Late, state.Sources.Late,
            (int?)(open ?? last)?.Session ?? DayOf(ohlcv),
            open is null ? dayBefore : last?.Close,
            (open ?? last)?.Volume,
            closed, Closes(ohlcv));
    }

    /// <summary>What tells whether a symbol shows something else than before.</summary>
    public static Mark MarkOf(HostedSymbol symbol) => new(symbol.LastFolded, RuntimeHelpers.GetHashCode(symbol.State));

    private int DayOf(Domain.Folding.Parts.Ohlcv ohlcv) =>
        ohlcv.NewestPrice is null ? int.MinValue : plan.Calendar.SessionAt(ohlcv.LastTime).Session;

    private long[] Closes(Domain.Folding.Parts.Ohlcv ohlcv)
    {
        if (closes is null) return spark is not null && ohlcv.LastBar(spark.Frame) is { } bar ? [bar.Close] : [];
        var kept = new long[Math.Min(closed, Kept)];
        for (var i = 0; i < kept.Length; i++) kept[i] = closes[(closed - kept.Length + i) % Kept];
        return kept;
    }

    /// <summary>
    /// The last event of a state, and which state that is: another plan makes another one of the same events.
    /// </summary>
    public readonly record struct Mark(long Events, int State);
}
