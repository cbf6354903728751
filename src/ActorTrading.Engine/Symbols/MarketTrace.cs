using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;

namespace ActorTrading.Engine.Symbols;

/// <summary>
/// The values of a symbol's market row that are not part of its state: the last closes of one frame, and the close of the previous day.
/// Updated when a bar closes, never by a tick. A snapshot does not restore it. Not thread-safe.
/// </summary>
internal sealed class MarketTrace(SymbolPlan plan)
{
    /// <summary>Number of closes that are kept.</summary>
    public const int Kept = 30;

    private readonly Series? spark = Array.Find(plan.BarSeries, series => series.Index >= 0 && series.Frame == Frame.OneMinute)
        ?? Array.Find(plan.BarSeries, series => series.Index >= 0);

    private readonly Series? daily = Array.Find(plan.BarSeries, series => series.Index >= 0 && series.Frame == Frame.OneDay);
    private long[]? closes;
    private long closed;
    private long? lastDay; // the close of the last closed daily bar
    private long? dayBefore; // the close of the daily bar before that

    /// <summary>An independent copy.</summary>
    public MarketTrace Copy()
    {
        var copy = (MarketTrace)MemberwiseClone();
        copy.closes = closes?.ToArray();
        return copy;
    }

    /// <summary>Whether it is empty.</summary>
    public bool IsEmpty => closes is null && lastDay is null && dayBefore is null;

    /// <summary>Called when a bar has closed. Daily bars come after the smaller bars that end with them.</summary>
    public void OnBar(SymbolState state, Series series, in Bar bar)
    {
        if (series == spark)
        {
            closes ??= new long[Kept];
            closes[closed++ % Kept] = bar.Close;
            if (lastDay is null && daily is not null && series != daily)
                lastDay = state.Ohlcv.LastBar(Frame.OneDay)?.Close; // known from a snapshot only
        }

        if (series == daily) (dayBefore, lastDay) = (lastDay, bar.Close);
    }

    /// <summary>The current market row of the symbol.</summary>
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

    private int DayOf(Domain.Folding.Parts.Ohlcv ohlcv) =>
        ohlcv.NewestPrice is null ? int.MinValue : plan.Calendar.SessionAt(ohlcv.LastTime).Session;

    private long[] Closes(Domain.Folding.Parts.Ohlcv ohlcv)
    {
        if (closes is null) return spark is not null && ohlcv.LastBar(spark.Frame) is { } bar ? [bar.Close] : [];
        var kept = new long[Math.Min(closed, Kept)];
        for (var i = 0; i < kept.Length; i++) kept[i] = closes[(closed - kept.Length + i) % Kept];
        return kept;
    }
}
