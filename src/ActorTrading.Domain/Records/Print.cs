using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>A time-and-sales print: a trade with its sale condition, if known.</summary>
public readonly record struct Print(
    Symbol Symbol, Identity Id, Timestamp Time, Price Price, Quantity Size, string? Condition)
{
    /// <summary>The longest sale condition accepted, in characters.</summary>
    public const int MaxConditionLength = 32;

    /// <summary>Converts from a checked record of this kind.</summary>
    public static Print From(in Record record) => new(
        record.Symbol, record.Id, record.Time, Price.FromUnits(record.A), Quantity.FromUnits(record.B), record.Text);

    /// <summary>Converts to a record.</summary>
    public Record ToRecord() => Record.OfPrint(Symbol, Id, Time, Price.Units, Size.Units, Condition);
}
