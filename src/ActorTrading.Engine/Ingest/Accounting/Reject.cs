using ActorTrading.Domain.Values;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>
/// A rejection: the time, the sender, the symbol (null for unreadable input), and the piece of input with the reason. The raw text of a
/// record is its canonical line.
/// </summary>
public sealed record Reject(DateTimeOffset Time, Sender Sender, Symbol? Symbol, RejectedInput Input);

/// <summary>A live rejection. <see cref="Missed"/>: number of rejections dropped for a slow reader.</summary>
public readonly record struct LiveReject(Reject? Reject, long Missed);
