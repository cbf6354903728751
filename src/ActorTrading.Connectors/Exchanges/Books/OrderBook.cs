using System.Globalization;
using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Books;

/// <summary>A change of the published levels; a removed level has the size 0.</summary>
internal readonly record struct BookChange(bool IsBid, Level Level);

/// <summary>
/// The book of a symbol at the exchange, with the best levels as published last. Only changes among the best levels are published, so a
/// snapshot after a break removes the levels that have disappeared meanwhile. Not thread-safe.
/// </summary>
/// <param name="depth">Number of published levels per side.</param>
internal sealed class OrderBook(int depth)
{
    private readonly Side bids = new(Comparer<decimal>.Create(static (one, other) => other.CompareTo(one)));
    private readonly Side asks = new(Comparer<decimal>.Default);

    /// <summary>Replaces all levels by a snapshot.</summary>
    public void Reset(BookItem snapshot)
    {
        bids.Levels.Clear();
        asks.Levels.Clear();
        Apply(snapshot);
    }

    /// <summary>Applies changed levels.</summary>
    public void Apply(BookItem update)
    {
        foreach (var level in update.Bids) bids.Apply(level);
        foreach (var level in update.Asks) asks.Apply(level);
    }

    /// <summary>Removes levels beyond that depth, like an exchange with a limited depth.</summary>
    public void Truncate(int levels)
    {
        bids.Truncate(levels);
        asks.Truncate(levels);
    }

    /// <summary>The changes among the best levels since the last call, removed levels first.</summary>
    public List<BookChange> Changes()
    {
        var changes = new List<BookChange>();
        bids.Compare(depth, isBid: true, changes);
        asks.Compare(depth, isBid: false, changes);
        return [.. changes.OrderBy(change => IsZero(change.Level.Size) ? 0 : 1)];
    }

    /// <summary>Kraken's checksum over the ten best levels of each side, which it sends with its updates.</summary>
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
