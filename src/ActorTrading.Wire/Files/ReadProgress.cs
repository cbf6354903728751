namespace ActorTrading.Wire.Files;

/// <summary>Progress of reading a file, in bytes on disk (compressed or not); the total is null for a stream of unknown length.</summary>
public readonly record struct ReadProgress(string Input, long BytesRead, long? BytesTotal);
