using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>Level 2: the new total quantity at one price; zero removes the level.</summary>
public readonly record struct BookUpdate(
    Symbol Symbol, Identity Id, Timestamp Time, BookSide Side, Price Price, Quantity Quantity)
{
    /// <summary>Converts from a checked record of this kind.</summary>
    public static BookUpdate From(in Record record) => new(
        record.Symbol, record.Id, record.Time, record.Side, Price.FromUnits(record.A), Quantity.FromUnits(record.B));

    /// <summary>Converts to a record.</summary>
    public Record ToRecord() => Record.OfBookUpdate(Symbol, Id, Time, Side, Price.Units, Quantity.Units);
}
