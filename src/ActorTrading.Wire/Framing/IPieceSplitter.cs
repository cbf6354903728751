namespace ActorTrading.Wire.Framing;

/// <summary>Cuts a stream of bytes into pieces that each make a record: lines, or the objects of a JSON text.</summary>
internal interface IPieceSplitter
{
    /// <summary>Length of the piece last told as too long.</summary>
    long SkippedBytes { get; }

    /// <summary>How the piece last told as too long begins.</summary>
    ReadOnlySpan<byte> SkippedStart { get; }

    /// <summary>Gives the next piece, and takes from the chunk what has been read.</summary>
    LineStatus Next(ref ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> piece);

    /// <summary>Gives the last piece, when nothing more comes.</summary>
    LineStatus Finish(out ReadOnlySpan<byte> piece);
}
