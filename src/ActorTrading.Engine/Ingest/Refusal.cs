using ActorTrading.Domain.Values;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Something that was refused: when, who handed it in, the symbol (null where it made no record), and the piece of input with its
/// reason. Of a record, the raw text is its canonical line.
/// </summary>
public sealed record Refusal(DateTimeOffset Time, Sender Sender, Symbol? Symbol, RejectedInput Input);

/// <summary>A refusal as it happened, or that <see cref="Missed"/> of them were dropped for a reader that did not keep up.</summary>
public readonly record struct LiveReject(Refusal? Refusal, long Missed);
