using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding.Parts;

/// <summary>
/// Market data of a symbol: capitalisation and price/earnings ratio. Each keeps its last known value if a record contains only the other. A
/// record older than the newest changes nothing.
/// </summary>
public sealed class Fundamentals
{
    private long marketCapBits = BitConverter.DoubleToInt64Bits(Indicators.Indicator.Absent);

    /// <summary>Time of the newest record.</summary>
    public Timestamp Time { get; private set; } = new(long.MinValue);

    /// <summary>Capitalisation in currency units; NaN before it is known.</summary>
    public double MarketCap => BitConverter.Int64BitsToDouble(marketCapBits);

    /// <summary>P/E in 1e-8; <see cref="MarketData.NoRatio"/> before it is known.</summary>
    public long PeRatio { get; private set; } = MarketData.NoRatio;

    /// <summary>Number of records applied.</summary>
    public long Count { get; private set; }

    /// <summary>Applies a record. Returns false if it is older than the newest.</summary>
    internal bool Apply(in Record record)
    {
        if (record.Time < Time) return false;
        Time = record.Time;
        Count++;
        if (!double.IsNaN(BitConverter.Int64BitsToDouble(record.C))) marketCapBits = record.C;
        if (record.A != MarketData.NoRatio) PeRatio = record.A;
        return true;
    }

    internal void Write(StateWriter writer)
    {
        writer.Int64(Time.Nanoseconds);
        writer.Int64(marketCapBits);
        writer.Int64(PeRatio);
        writer.Int64(Count);
    }

    internal static Fundamentals Read(ref StateReader reader) => new()
    {
        Time = new(reader.Int64()),
        marketCapBits = reader.Int64(),
        PeRatio = reader.Int64(),
        Count = reader.Int64(),
    };
}
