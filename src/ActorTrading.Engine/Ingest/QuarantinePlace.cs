namespace ActorTrading.Engine.Ingest;

/// <summary>
/// A place in the quarantine: the number of a file, and a distance from its beginning in bytes. The first file has the number 1.
/// </summary>
public readonly record struct QuarantinePlace(long File, long Offset);

/// <summary>A line of the quarantine, without its end, and the place behind it.</summary>
public readonly record struct QuarantineLine(QuarantinePlace End, ReadOnlyMemory<byte> Line);
