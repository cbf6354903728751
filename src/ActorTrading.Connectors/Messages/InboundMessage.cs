using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Messages;

/// <summary>
/// A message of another system, with the identity of its records: a message that is read again is a duplicate. An identity in its text is
/// ignored.
/// </summary>
public readonly record struct InboundMessage(Source Source, long Epoch, long Seq, ReadOnlyMemory<byte> Value)
{
    /// <summary>The default time of its records; null if they must have a time.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>The rejection, if the connector already found the message invalid; then its text is not parsed. Otherwise null.</summary>
    public Rejection? Rejection { get; init; }
}

/// <summary>
/// The outcome of a message, after it is durable. <paramref name="Records"/>: number of its records, including applied, late and duplicate
/// ones, and of the pieces that are not records. <paramref name="Rejections"/>: the reasons of rejected records; empty if none.
/// </summary>
public readonly record struct MessageOutcome(int Records, IReadOnlyList<Rejection> Rejections)
{
    /// <summary>
    /// The reason if a part of the message can never be parsed, on any node: the message is poison. Null if all parts are records; they may
    /// still have been rejected due to their values, or to the current plan and rights.
    /// </summary>
    public Rejection? Unreadable { get; init; }
}
