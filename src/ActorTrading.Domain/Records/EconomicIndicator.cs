using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>A figure of the economy at large, such as <c>cpi</c> or <c>unemployment</c>, in the unit of its publisher.</summary>
public readonly record struct EconomicIndicator(Identity Id, Timestamp Time, string Name, double Value)
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>How many names the economy remembers at most; records of further ones are refused.</summary>
    public const int MaxNames = 10_000;

    /// <summary>Reads a checked record of this kind.</summary>
    public static EconomicIndicator From(in Record record) => new(
        record.Id, record.Time, record.Text ?? "", BitConverter.Int64BitsToDouble(record.C));

    /// <summary>The record that carries it.</summary>
    public Record ToRecord() => Record.OfEconomicIndicator(Id, Time, Name, Value);
}
