using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>An economic figure, such as <c>cpi</c> or <c>unemployment</c>, in the unit of its publisher.</summary>
public readonly record struct EconomicIndicator(Identity Id, Timestamp Time, string Name, double Value)
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Maximum number of names stored; records with further names are rejected.</summary>
    public const int MaxNames = 10_000;

    /// <summary>Converts from a checked record of this kind.</summary>
    public static EconomicIndicator From(in Record record) => new(
        record.Id, record.Time, record.Text ?? "", BitConverter.Int64BitsToDouble(record.C));

    /// <summary>Converts to a record.</summary>
    public Record ToRecord() => Record.OfEconomicIndicator(Id, Time, Name, Value);
}
