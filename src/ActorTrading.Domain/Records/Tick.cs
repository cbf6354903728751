using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>A trade: someone paid <paramref name="Price"/> for <paramref name="Size"/>.</summary>
public readonly record struct Tick(Symbol Symbol, Identity Id, Timestamp Time, Price Price, Quantity Size)
{
    /// <summary>Reads a checked record of this kind.</summary>
    public static Tick From(in Record record) =>
        new(record.Symbol, record.Id, record.Time, Price.FromUnits(record.A), Quantity.FromUnits(record.B));

    /// <summary>The record that carries it.</summary>
    public Record ToRecord() => Record.OfTick(Symbol, Id, Time, Price.Units, Size.Units);
}
