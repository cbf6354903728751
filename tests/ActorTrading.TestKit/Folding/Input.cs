using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.TestKit.Folding;

/// <summary>Input of a market: a record, or a clock that determines which records are late.</summary>
public readonly record struct Input(Record Record, Timestamp? Clock)
{
    /// <summary>A record.</summary>
    public static Input Of(in Record record) => new(record, null);

    /// <summary>A clock.</summary>
    public static Input Of(Timestamp clock) => new(default, clock);
}
