using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding.Parts;

/// <summary>Level 1 of a symbol: the newest quote. An older quote changes nothing.</summary>
public sealed class Level1
{
    /// <summary>Time of the quote.</summary>
    public Timestamp Time { get; private set; } = new(long.MinValue);

    /// <summary>Best bid, in units of the plan; 0, with a size of 0, if there is none.</summary>
    public long Bid { get; private set; }

    /// <summary>Size of the best bid.</summary>
    public long BidSize { get; private set; }

    /// <summary>Best ask, in units of the plan; 0, with a size of 0, if there is none.</summary>
    public long Ask { get; private set; }

    /// <summary>Size of the best ask.</summary>
    public long AskSize { get; private set; }

    /// <summary>Number of quotes applied.</summary>
    public long Count { get; private set; }

    /// <summary>Applies a quote. Returns false if it is older than the current one.</summary>
    internal bool Apply(in Record quote)
    {
        if (quote.Time < Time) return false;
        Time = quote.Time;
        Bid = quote.A;
        BidSize = quote.B;
        Ask = quote.C;
        AskSize = quote.D;
        Count++;
        return true;
    }

    internal void Write(StateWriter writer)
    {
        writer.Int64(Time.Nanoseconds);
        writer.Int64(Bid);
        writer.Int64(BidSize);
        writer.Int64(Ask);
        writer.Int64(AskSize);
        writer.Int64(Count);
    }

    internal static Level1 Read(ref StateReader reader) => new()
    {
        Time = new(reader.Int64()),
        Bid = reader.Int64(),
        BidSize = reader.Int64(),
        Ask = reader.Int64(),
        AskSize = reader.Int64(),
        Count = reader.Int64(),
    };
}
