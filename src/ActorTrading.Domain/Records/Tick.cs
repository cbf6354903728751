using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>A trade of <paramref name="Size"/> at <paramref name="Price"/>.</summary>
public readonly record struct Tick(Symbol Symbol, Identity Id, Timestamp Time, Price Price, Quantity Size)
{
    /// <summary>Converts from a checked record of this kind.</summary>
    public static Tick From(in Record record) =>
        new(record.Symbol, record.Id, record.Time, Price.FromUnits(record.A), Quantity.FromUnits(record.B));

    /// <summary>Converts to a record.</summary>
    public Record ToRecord() => Record.OfTick(Symbol, Id, Time, Price.Units, Size.Units);
}
