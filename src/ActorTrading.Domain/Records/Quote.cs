using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>Level 1: best bid and best ask, each with its size (zero if unknown). A side that is not quoted has no price.</summary>
public readonly record struct Quote(
    Symbol Symbol, Identity Id, Timestamp Time, Price? Bid, Quantity BidSize, Price? Ask, Quantity AskSize)
{
    /// <summary>Converts from a checked record of this kind.</summary>
    public static Quote From(in Record record) => new(
        record.Symbol, record.Id, record.Time,
        PriceOf(record.A), Quantity.FromUnits(record.B),
        PriceOf(record.C), Quantity.FromUnits(record.D));

    /// <summary>Converts to a record.</summary>
    public Record ToRecord() => Record.OfQuote(Symbol, Id, Time, Bid?.Units ?? 0, BidSize.Units, Ask?.Units ?? 0, AskSize.Units);

    private static Price? PriceOf(long units) => units == 0 ? null : Price.FromUnits(units);
}
