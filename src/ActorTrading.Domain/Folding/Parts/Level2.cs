using ActorTrading.Domain.Records;

namespace ActorTrading.Domain.Folding.Parts;

/// <summary>A price level of the order book: price and total quantity.</summary>
public readonly record struct BookLevel(long Price, long Quantity);

/// <summary>
/// Level 2 of a symbol: the order book, best level first on each side, at most <see cref="Depth"/> levels deep. Deeper levels are dropped.
/// Updates are applied in the order of acceptance, whatever their timestamps.
/// </summary>
public sealed class Level2
{
    /// <summary>Maximum number of levels on each side.</summary>
    public const int Depth = 50;

    private readonly List<BookLevel> bids = [];
    private readonly List<BookLevel> asks = [];

    /// <summary>Bids, highest first.</summary>
    public IReadOnlyList<BookLevel> Bids => bids;

    /// <summary>Asks, lowest first.</summary>
    public IReadOnlyList<BookLevel> Asks => asks;

    /// <summary>Number of updates applied.</summary>
    public long Count { get; private set; }

    internal void Apply(in Record update)
    {
        Count++;
        var side = update.Side == BookSide.Bid ? bids : asks;
        var direction = update.Side == BookSide.Bid ? -1 : 1;
        var price = update.A;
        var index = 0;
        while (index < side.Count && side[index].Price.CompareTo(price) * direction < 0) index++;

        var stands = index < side.Count && side[index].Price == price;
        if (update.B == 0)
        {
            if (stands) side.RemoveAt(index);
        }
        else if (stands)
        {
            side[index] = new BookLevel(price, update.B);
        }
        else if (index < Depth)
        {
            side.Insert(index, new BookLevel(price, update.B));
            if (side.Count > Depth) side.RemoveAt(Depth);
        }
    }

    internal void Write(StateWriter writer)
    {
        writer.Int64(Count);
        foreach (var side in (List<BookLevel>[])[bids, asks])
        {
            writer.Int64(side.Count);
            foreach (var level in side)
            {
                writer.Int64(level.Price);
                writer.Int64(level.Quantity);
            }
        }
    }

    internal static Level2 Read(ref StateReader reader)
    {
        var book = new Level2 { Count = reader.Int64() };
        foreach (var side in (List<BookLevel>[])[book.bids, book.asks])
        {
            for (var left = reader.Count(sizeOfEach: 16); left > 0; left--) side.Add(new(reader.Int64(), reader.Int64()));
            if (side.Count > Depth) throw new StateFormatException($"an order book {side.Count} levels deep");
        }

        return book;
    }
}
