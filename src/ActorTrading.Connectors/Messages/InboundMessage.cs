using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Messages;

/// <summary>
/// A message of another system, with the identity that its records get: a replay of it is a duplicate. Whatever identity
/// stands in its text is not used.
/// </summary>
public readonly record struct InboundMessage(Source Source, long Epoch, long Seq, ReadOnlyMemory<byte> Value);

/// <summary>
/// What became of a message, once that is durable. <paramref name="Records"/>: those that it held, applied, late and
/// duplicate ones included, and pieces that made none. <paramref name="Rejections"/>: why some of them were refused; empty otherwise.
/// </summary>
public readonly record struct MessageOutcome(int Records, IReadOnlyList<Rejection> Rejections);
