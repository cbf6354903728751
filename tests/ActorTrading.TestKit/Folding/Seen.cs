using System.Globalization;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Folding.Parts;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.TestKit.Folding;

/// <summary>
/// The observable state of a fold, as lines of text with every bit: two folds are equal if their lines are. Numbers are written as stored
/// (1e-8, nanoseconds, the bits of a double).
/// </summary>
public static class Seen
{
    /// <summary>A bar.</summary>
    public static string Bar(Frame frame, in Bar bar) => Invariant(
        $"{frame.Name()} {bar.Opened} s{bar.Session} o{bar.Open} h{bar.High} l{bar.Low} c{bar.Close} v{bar.Volume} n{bar.Ticks}");

    /// <summary>A closed bar in the output, with the values of its frame's indicators.</summary>
    public static string Closed(Symbol symbol, Frame frame, in Bar bar, IEnumerable<double> values) =>
        $"{symbol} bar {Bar(frame, bar)} | {string.Join(' ', values.Select(Bits))}";

    /// <summary>A signal.</summary>
    public static string Signal(Signal signal) => Invariant(
        $"{signal.Symbol} signal {signal.Number} {signal.Id} '{signal.RuleName}' {signal.Time} at {signal.Price}: ")
        + string.Join(' ', signal.Values.Select(value => $"{value.Name}={Bits(value.Value)}"))
        + Invariant($" by {signal.Trigger.Id} {signal.Trigger.Time} {signal.Trigger.Price}");

    /// <summary>A late record.</summary>
    public static string Late(in Record record) => $"{record.Symbol} late {RecordText.Describe(record)}";

    /// <summary>The failure of an indicator.</summary>
    public static string Fault(Symbol symbol, Frame frame, string indicator, Timestamp time) =>
        $"{symbol} fault {indicator}@{frame.Name()} at {time}";

    /// <summary>A value as the bits of a double.</summary>
    public static string Bits(double value) => BitConverter.DoubleToInt64Bits(value).ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Every indicator of a symbol's plan, by frame, one line for each output.</summary>
    public static IEnumerable<(Frame Frame, Domain.Indicators.IndicatorSpec Spec)> Values(PlanSettings settings)
    {
        foreach (var column in settings.Columns)
        {
            foreach (var frame in column.Spec.Frame is { } one ? [one] : settings.Frames)
                yield return (frame, column.Spec with { Frame = null });
        }
    }

    /// <summary>A whole state.</summary>
    public static IEnumerable<string> State(SymbolState state)
    {
        var settings = state.Plan.Settings;
        var ohlcv = state.Ohlcv;
        yield return Invariant(
            $"last {ohlcv.LastPrice} at {ohlcv.LastTime.Nanoseconds}, {ohlcv.OffSession} off-session, {ohlcv.Signals} signals");
        foreach (var frame in state.Plan.Shown.Select(series => series.Frame))
        {
            if (ohlcv.LastBar(frame) is { } last) yield return $"closed {Bar(frame, last)}";
            if (ohlcv.OpenBar(frame) is { } open) yield return $"open {Bar(frame, open)}";
        }

        foreach (var (frame, spec) in Values(settings)) yield return $"{spec}@{frame.Name()} = {Bits(ohlcv.Value(frame, spec))}";
        if (state.Level1 is { } quote)
            yield return Invariant($"quote {quote.Time} {quote.Bid} x {quote.BidSize} / {quote.Ask} x {quote.AskSize}, {quote.Count}");
        if (state.Level2 is { } book) yield return Invariant($"book {Levels(book.Bids)} / {Levels(book.Asks)}, {book.Count}");
        if (state.TimeAndSales is { } tape) yield return Invariant($"tape {string.Join(' ', tape.Last)}, {tape.Count} of {tape.Volume}");
        if (state.News is { } news)
            yield return Invariant($"news {news.Time} {news.Score} {news.Magnitude}, {news.Count} of {Bits(news.AverageScore)}");
        if (state.Fundamentals is { } fundamentals)
            yield return Invariant(
                $"fundamentals {fundamentals.Time} {Bits(fundamentals.MarketCap)} {fundamentals.PeRatio}, {fundamentals.Count}");
        if (state.Economy is { } economy)
        {
            var figures = economy.Figures.Select(figure => $"{figure.Key} {figure.Value.Time} {Bits(figure.Value.Value)}");
            yield return $"economy {string.Join(' ', figures)}";
        }

        foreach (var source in state.Sources.Entries.ToArray())
            yield return Invariant($"source {source.Source} {source.Epoch}/{source.Seq}: {source.Applied} applied, {source.Late} late");
    }

    /// <summary>Levels of an order book, best first.</summary>
    public static string Levels(IEnumerable<BookLevel> levels) => string.Join(' ', levels);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
