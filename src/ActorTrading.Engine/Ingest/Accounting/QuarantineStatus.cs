namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>
/// Status of the quarantine: durable and waiting rejections, its size, and what the size limit deleted. While the disk does not accept the
/// waiting rejections, also the reason (otherwise null) and the start time. Until it does, rejections are not acknowledged, so that their
/// senders wait or send them again.
/// </summary>
public sealed record QuarantineStatus(
    long Kept, long Waiting, long Bytes, long DroppedFiles, long DroppedBytes, string? Problem, DateTimeOffset? Since);
