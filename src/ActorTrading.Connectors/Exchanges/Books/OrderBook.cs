using System.Globalization;
using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Books;

/// <summary>A change of the levels that are told: a level that has gone has the size 0.</summary>
internal readonly record struct BookChange(bool IsBid, Level Level);

/// <summary>
/// The book of a symbol as the exchange has it, and the best levels of it as they were told last. What changes among those is
/// what is told next, so that a snapshot after a break takes away what has gone meanwhile. Not safe for several threads.
/// </summary>
/// <param name="depth">How many levels of each side are told.</param>
internal sealed class OrderBook(int depth)
{
    private readonly Side bids = new(Comparer<decimal>.Create(static (one, other) => other.CompareTo(one)));
    private readonly Side asks = new(Comparer<decimal>.Default);

    /// <summary>Takes all levels from the exchange.</summary>
    public void Reset(BookItem snapshot)
    {
        bids.Levels.Clear();
        asks.Levels.Clear();
        Apply(snapshot);
    }

    /// <summary>Takes levels that changed.</summary>
    public void Apply(BookItem update)
    {
        foreach (var level in update.Bids) bids.Apply(level);
        foreach (var level in update.Asks) asks.Apply(level);
    }

    /// <summary>Forgets levels beyond that depth, as an exchange does that keeps no more.</summary>
    public void Truncate(int levels)
    {
        bids.Truncate(levels);
        asks.Truncate(levels);
    }

    /// <summary>What has changed among the best levels since the last call: those that have gone first.</summary>
    public List<BookChange> Changes()
    {
        var changes = new List<BookChange>();
        bids.Compare(depth, isBid: true, changes);
        asks.Compare(depth, isBid: false, changes);
        return [.. changes.OrderBy(change => IsZero(change.Level.Size) ? 0 : 1)];
    }

    /// <summary>The sum over the ten best levels of each side that Kraken sends with its updates.</summary>
    public uint ChecksumOfKraken()
    {
        var sum = new Crc32();
        foreach (var side in (Side[])[asks, bids])
        {
            foreach (var level in side.Levels.Values.Take(10))
            {
                sum.Add(Digits(level.Price));
                sum.Add(Digits(level.Size));
            }
        }

        return sum.Value;
    }

    private static ReadOnlySpan<char> Digits(string number) => number.Replace(".", "", StringComparison.Ordinal).AsSpan().TrimStart('0');

    private static bool IsZero(string size) => Parse(size) == 0;

    private static decimal Parse(string number) => decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    private sealed class Side(IComparer<decimal> order)
    {
        private SortedDictionary<decimal, Level> told = new(order);

        public SortedDictionary<decimal, Level> Levels { get; } = new(order);

        public void Apply(Level level)
        {
            var price = Parse(level.Price);
            if (IsZero(level.Size)) Levels.Remove(price);
            else Levels[price] = level;
        }

        public void Truncate(int levels)
        {
            while (Levels.Count > levels) Levels.Remove(Levels.Keys.Last());
        }

        public void Compare(int depth, bool isBid, List<BookChange> changes)
        {
            var now = new SortedDictionary<decimal, Level>(order);
            foreach (var (price, level) in Levels.Take(depth))
            {
                now.Add(price, level);
                if (!told.TryGetValue(price, out var before) || Parse(before.Size) != Parse(level.Size))
                    changes.Add(new BookChange(isBid, level));
            }

            foreach (var (price, level) in told)
            {
                if (!now.ContainsKey(price)) changes.Add(new BookChange(isBid, level with { Size = "0" }));
            }

            told = now;
        }
    }
}
