namespace ActorTrading.Engine.Ingest.Keeping;

/// <summary>
/// How the quarantine is doing: refusals made durable and waiting to be, its size, what went because there was too much, and,
/// while the disk will not have what waits, why (null otherwise) and since when. Until it does, refusals are not acknowledged, so
/// that their senders wait or send them again.
/// </summary>
public sealed record QuarantineStatus(
    long Kept, long Waiting, long Bytes, long DroppedFiles, long DroppedBytes, string? Problem, DateTimeOffset? Since);
