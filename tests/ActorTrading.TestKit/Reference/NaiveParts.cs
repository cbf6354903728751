using System.Globalization;
using ActorTrading.Domain.Folding.Parts;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.TestKit.Reference;

/// <summary>The parts of a symbol besides its bars, computed from the list of all its accepted records.</summary>
internal static class NaiveParts
{
    /// <summary>Whether the record is older than an earlier one of its kind (and, for economic indicators, of its name).</summary>
    public static bool IsOlder(List<Record> before, Record record) => record.Kind switch
    {
        RecordKind.Quote or RecordKind.MarketData => Of(before, record.Kind).Any(other => other.Time > record.Time),
        RecordKind.EconomicIndicator => Of(before, record.Kind).Any(other => other.Text == record.Text && other.Time > record.Time),
        _ => false,
    };

    /// <summary>The lines of <see cref="Seen.State"/> about the parts.</summary>
    public static IEnumerable<string> Lines(List<Record> accepted)
    {
        if (InOrder(accepted, RecordKind.Quote) is { Count: > 0 } quotes)
            yield return Invariant(
                $"quote {quotes[^1].Time} {quotes[^1].A} x {quotes[^1].B} / {quotes[^1].C} x {quotes[^1].D}, {quotes.Count}");
        if (Of(accepted, RecordKind.BookUpdate) is { Count: > 0 } updates)
            yield return Invariant($"book {Book(updates, BookSide.Bid)} / {Book(updates, BookSide.Ask)}, {updates.Count}");
        if (Of(accepted, RecordKind.Print) is { Count: > 0 } prints)
        {
            var last = prints.TakeLast(32).Select(print => new Sale(print.Time, print.A, print.B, print.Text));
            yield return Invariant(
                $"tape {string.Join(' ', last)}, {prints.Count} of {prints.Aggregate(Int128.Zero, (sum, print) => sum + print.B)}");
        }

        if (Of(accepted, RecordKind.NewsSentiment) is { Count: > 0 } news)
        {
            var newest = InOrder(accepted, RecordKind.NewsSentiment)[^1];
            var average = (double)news.Aggregate(Int128.Zero, (sum, piece) => sum + piece.A) / news.Count / Fixed8.One;
            yield return Invariant($"news {newest.Time} {newest.A} {newest.B}, {news.Count} of {Seen.Bits(average)}");
        }

        if (InOrder(accepted, RecordKind.MarketData) is { Count: > 0 } figures)
        {
            var marketCap = figures.Select(figure => BitConverter.Int64BitsToDouble(figure.C))
                .LastOrDefault(cap => !double.IsNaN(cap), Indicator.Absent);
            var ratio = figures.Select(figure => figure.A).LastOrDefault(ratio => ratio != MarketData.NoRatio, MarketData.NoRatio);
            yield return Invariant($"fundamentals {figures[^1].Time} {Seen.Bits(marketCap)} {ratio}, {figures.Count}");
        }

        if (Of(accepted, RecordKind.EconomicIndicator) is { Count: > 0 } economy)
        {
            var newest = economy.GroupBy(figure => figure.Text).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.OrderBy(figure => figure.Time).Last())
                .Select(figure => $"{figure.Text} {figure.Time} {Seen.Bits(BitConverter.Int64BitsToDouble(figure.C))}");
            yield return $"economy {string.Join(' ', newest)}";
        }
    }

    private static List<Record> Of(List<Record> records, RecordKind kind) => [.. records.Where(record => record.Kind == kind)];

    /// <summary>The records that were not older than an earlier one.</summary>
    private static List<Record> InOrder(List<Record> records, RecordKind kind)
    {
        var all = Of(records, kind);
        return [.. all.Where((record, i) => all.Take(i).All(other => other.Time <= record.Time))];
    }

    private static string Book(List<Record> updates, BookSide side)
    {
        var levels = new Dictionary<long, long>();
        foreach (var update in updates.Where(update => update.Side == side))
        {
            levels.Remove(update.A);
            if (update.B > 0) levels.Add(update.A, update.B);
            foreach (var (price, _) in BestFirst(levels, side).Skip(50)) levels.Remove(price);
        }

        return Seen.Levels(BestFirst(levels, side).Select(level => new BookLevel(level.Key, level.Value)));
    }

    private static List<KeyValuePair<long, long>> BestFirst(Dictionary<long, long> levels, BookSide side) =>
        [.. side == BookSide.Bid ? levels.OrderByDescending(level => level.Key) : levels.OrderBy(level => level.Key)];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
