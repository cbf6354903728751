using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// What the company is worth: <paramref name="MarketCap"/> in currency units (NaN when not told; a double,
/// because it leaves the range of 1e-8 units) and <paramref name="PeRatio"/> counted in 1e-8
/// (<see cref="NoRatio"/> when not told; it may be negative).
/// </summary>
public readonly record struct MarketData(Symbol Symbol, Identity Id, Timestamp Time, double MarketCap, long PeRatio)
{
    /// <summary>The ratio of a record that tells none.</summary>
    public const long NoRatio = long.MinValue;

    /// <summary>Reads a checked record of this kind.</summary>
    public static MarketData From(in Record record) => new(
        record.Symbol, record.Id, record.Time, BitConverter.Int64BitsToDouble(record.C), record.A);

    /// <summary>The record that carries it.</summary>
    public Record ToRecord() => Record.OfMarketData(Symbol, Id, Time, MarketCap, PeRatio);
}
