using ActorTrading.Domain.Admission;

namespace ActorTrading.Engine;

/// <summary>A refused record of a batch: its index in the batch, from 0, and the reason.</summary>
public readonly record struct RejectedRecord(int Index, Rejection Rejection);

/// <summary>
/// The outcome of a batch. Applied + late + duplicate + refused = length of the batch. Refused records are listed in batch order.
/// </summary>
public sealed record IngestResult(int Applied, int Late, int Duplicate, IReadOnlyList<RejectedRecord> Refused);
