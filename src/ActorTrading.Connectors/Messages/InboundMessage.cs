using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Messages;

/// <summary>
/// A message of another system, with the identity that its records get: a replay of it is a duplicate. Whatever identity
/// stands in its text is not used.
/// </summary>
public readonly record struct InboundMessage(Source Source, long Epoch, long Seq, ReadOnlyMemory<byte> Value)
{
    /// <summary>The time of its records that name none; null where they must name one.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>Why it cannot be a message at all, as the connector found; null where it can. Its text is not read then.</summary>
    public Rejection? Refusal { get; init; }
}

/// <summary>
/// What became of a message, once that is durable. <paramref name="Records"/>: those that it held, applied, late and
/// duplicate ones included, and pieces that made none. <paramref name="Rejections"/>: why some of them were refused; empty otherwise.
/// </summary>
public readonly record struct MessageOutcome(int Records, IReadOnlyList<Rejection> Rejections)
{
    /// <summary>
    /// Why a part of it is no record, whichever node reads it and whenever: the message is poison. Null where all of it
    /// is; its records may still have been refused for what they say, or for what the plan and the rights are now.
    /// </summary>
    public Rejection? Unreadable { get; init; }
}
