namespace ActorTrading.Wire.Framing;

/// <summary>Splits a stream of bytes into pieces of one record each: lines, or the objects of a JSON text.</summary>
internal interface IPieceSplitter
{
    /// <summary>Length of the last piece that was too long.</summary>
    long SkippedBytes { get; }

    /// <summary>The first bytes of the last piece that was too long.</summary>
    ReadOnlySpan<byte> SkippedStart { get; }

    /// <summary>Returns the next piece, and removes the bytes read from the chunk.</summary>
    LineStatus Next(ref ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> piece);

    /// <summary>Returns the last piece at the end of the stream.</summary>
    LineStatus Finish(out ReadOnlySpan<byte> piece);
}
