namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>A position in the quarantine: the number of a file (from 1) and an offset in bytes.</summary>
public readonly record struct QuarantinePlace(long File, long Offset);

/// <summary>A line of the quarantine, without its line end, and the position after it.</summary>
public readonly record struct QuarantineLine(QuarantinePlace End, ReadOnlyMemory<byte> Line);
