using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>Level 2: the quantity now standing at one price; zero takes the level away.</summary>
public readonly record struct BookUpdate(
    Symbol Symbol, Identity Id, Timestamp Time, BookSide Side, Price Price, Quantity Quantity)
{
    /// <summary>Reads a checked record of this kind.</summary>
    public static BookUpdate From(in Record record) => new(
        record.Symbol, record.Id, record.Time, record.Side, Price.FromUnits(record.A), Quantity.FromUnits(record.B));

    /// <summary>The record that carries it.</summary>
    public Record ToRecord() => Record.OfBookUpdate(Symbol, Id, Time, Side, Price.Units, Quantity.Units);
}
