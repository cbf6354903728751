using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// Valuation of a company. <paramref name="MarketCap"/>: capitalisation in currency units, NaN if unknown; a double, because it exceeds the
/// range of 1e-8 units. <paramref name="PeRatio"/>: price/earnings ratio in units of 1e-8, <see cref="NoRatio"/> if unknown; may be
/// negative.
/// </summary>
public readonly record struct MarketData(Symbol Symbol, Identity Id, Timestamp Time, double MarketCap, long PeRatio)
{
    /// <summary>Value of <see cref="PeRatio"/> if the record contains no ratio.</summary>
    public const long NoRatio = long.MinValue;

    /// <summary>Converts from a checked record of this kind.</summary>
    public static MarketData From(in Record record) => new(
        record.Symbol, record.Id, record.Time, BitConverter.Int64BitsToDouble(record.C), record.A);

    /// <summary>Converts to a record.</summary>
    public Record ToRecord() => Record.OfMarketData(Symbol, Id, Time, MarketCap, PeRatio);
}
