namespace ActorTrading.Wire.Files;

/// <summary>
/// How far a file has been read: bytes of it as it lies on disk, packed or not; the total is null for a stream of unknown length.
/// </summary>
public readonly record struct ReadProgress(string Input, long BytesRead, long? BytesTotal);
