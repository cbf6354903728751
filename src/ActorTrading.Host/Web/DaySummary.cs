using System.Numerics;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web;

/// <summary>
/// One trading day of a symbol on its venue's calendar. Open, high, low and close are those of its bars. The volume-weighted average price
/// is over every trade stamped within the day, late ones included: the exact quotient of two exact sums, rounded to the price unit.
/// </summary>
internal sealed class DaySummary
{
    private readonly Bucket session;
    private readonly SymbolState end;
    private readonly SymbolState? before;
    private Bar? closed; // for a plan without daily bars: the bars closed within the day, merged
    private BigInteger paid;
    private BigInteger traded;

    private DaySummary(Bucket session, SymbolState end, SymbolState? before)
    {
        this.session = session;
        this.end = end;
        this.before = before;
    }

    /// <summary>The trading day of a date (default: of the last price); null when the symbol had no records until then.</summary>
    /// <exception cref="RequestFault">The date is not a trading day.</exception>
    public static async Task<DaySummary?> OfAsync(
        IEngine engine, JournalHistory past, Symbol symbol, Timestamp? date, CancellationToken cancellation)
    {
        if (await engine.StateAsync(symbol, cancellation: cancellation) is not { } now) return null;
        var calendar = now.Plan.Calendar;
        var session = date is { } asked ? calendar.SessionOfDailyBar(asked) : calendar.BucketAt(Frame.OneDay, now.Ohlcv.LastTime);
        if (!session.IsOpen) throw new RequestFault(404, "no_session", "There was no trading on that day.");
        var end = now.Ohlcv.LastTime.Nanoseconds < session.End
            ? now
            : await engine.StateAsync(symbol, new Timestamp(session.End - 1), cancellation);
        if (end is null) return null;
        var summary = new DaySummary(session, end, await engine.StateAsync(symbol, new Timestamp(session.Start - 1), cancellation));
        await past.ReadAsync(symbol, summary.Weigh, cancellation);
        if (now.Plan.SeriesOf(Frame.OneDay) is null) await summary.AddBarsAsync(past, cancellation);
        return summary;
    }

    /// <summary>Writes the summary as members of an object; missing values are null.</summary>
    public void Write(Utf8JsonWriter json)
    {
        var bar = DayBar();
        var close = before?.Ohlcv.NewestPrice;
        json.WriteString("symbol", end.Symbol.Name);
        json.WriteString("date", new DateOnly(1970, 1, 1).AddDays(session.Session).ToString("O"));
        json.WriteTime("from", new Timestamp(session.Start));
        json.WriteTime("to", new Timestamp(session.End));
        var units = end.Plan.Units;
        json.WriteUnits("open", bar?.Open, units.PriceDecimals);
        json.WriteUnits("high", bar?.High, units.PriceDecimals);
        json.WriteUnits("low", bar?.Low, units.PriceDecimals);
        json.WriteUnits("close", bar?.Close, units.PriceDecimals);
        json.WriteUnits("volume", bar?.Volume, units.SizeDecimals);
        json.WriteUnits("vwap", Vwap(), units.PriceDecimals);
        json.WriteUnits("previous_close", close, units.PriceDecimals);
        json.WriteUnits("change", bar?.Close - close, units.PriceDecimals);
        json.WriteValue(
            "change_percent", bar is { } day && close is { } earlier and > 0 ? 100.0 * (day.Close - earlier) / earlier : double.NaN);
        json.WriteNumber("ticks", bar?.Ticks ?? 0);
        json.WriteNumber("late", end.Sources.Late - (before?.Sources.Late ?? 0));
        json.WriteNumber("signals", end.Ohlcv.Signals - (before?.Ohlcv.Signals ?? 0));
    }

    private bool Weigh(in Record record)
    {
        if (record.Kind is RecordKind.Tick or RecordKind.Print && record.Time.Nanoseconds >= session.Start
            && record.Time.Nanoseconds < session.End && UnitConversion.TryRound(record, end.Plan.Units, out var trade))
        {
            paid += (BigInteger)trade.A * trade.B;
            traded += trade.B;
        }

        return true;
    }

    private Int128? Vwap() => traded.IsZero ? null : (Int128)(((2 * paid) + (paid.Sign * traded)) / (2 * traded));

    private Bar? DayBar()
    {
        if (LargestWithinADay() is not { } largest) return null;
        var day = end.Ohlcv.BarSoFar(largest) is { } soFar && IsOfDay(soFar) ? soFar : (Bar?)null;
        if (closed is not { } before) return day ?? (end.Ohlcv.LastBar(Frame.OneDay) is { } last && IsOfDay(last) ? last : null);
        if (day is { } open) before.Merge(open);
        return before;
    }

    private async Task AddBarsAsync(JournalHistory past, CancellationToken cancellation)
    {
        if (LargestWithinADay() is not { } largest) return;
        await foreach (var happened in past.BarsAsync(
            end.Symbol, largest, new Timestamp(session.Start), new Timestamp(session.End), cancellation))
        {
            var sum = closed ?? happened.Bar;
            if (closed is not null) sum.Merge(happened.Bar);
            closed = sum;
        }
    }

    private Frame? LargestWithinADay() =>
        end.Plan.Shown.LastOrDefault(series => series.Frame is > Frame.Tick and <= Frame.OneDay)?.Frame;

    private bool IsOfDay(in Bar bar) => bar.OpenTime >= session.Start && bar.OpenTime < session.End;
}
