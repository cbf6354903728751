namespace ActorTrading.Wire.Framing;

/// <summary>
/// Splits a stream of chunks into lines at <c>\n</c>; an optional <c>\r</c> before it is removed. Lines within one chunk are returned in
/// place; only lines that span chunks are copied. A line longer than the limit is skipped and only its start is kept, so memory is bounded
/// by the limit.
/// </summary>
/// <remarks>
/// <code>
/// while (splitter.Next(ref chunk, out var line) is var status and not LineStatus.NeedMore) ...
/// </code>
/// One splitter serves one stream; it is not safe for several threads.
/// </remarks>
public sealed class LineSplitter : IPieceSplitter
{
    /// <summary>Default limit: 64 KiB.</summary>
    public const int DefaultMaxLength = 64 * 1024;

    /// <summary>Number of bytes kept of a skipped line, for display.</summary>
    internal const int StartBytes = 512;

    private const byte Return = (byte)'\r';

    private readonly int maxLength;
    private readonly byte lineEnd;
    private byte[] kept = new byte[StartBytes];
    private int keptLength;
    private bool handedOut;
    private bool skipping;
    private long length;
    private byte last;

    /// <summary>Creates a splitter with that limit, in bytes without the line end.</summary>
    public LineSplitter(int maxLength = DefaultMaxLength, byte lineEnd = (byte)'\n')
    {
        this.lineEnd = lineEnd;
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        this.maxLength = maxLength;
    }

    /// <summary>After <see cref="LineStatus.TooLong"/>: the length of the skipped line in bytes, without its line end.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>
    /// After <see cref="LineStatus.TooLong"/>: the first bytes of the skipped line, at most 512, valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> SkippedStart => kept.AsSpan(0, (int)Math.Min(SkippedBytes, Math.Min(keptLength, StartBytes)));

    /// <summary>Reads the next line from the chunk. The line is valid until the next call and only while the chunk is valid.</summary>
    public LineStatus Next(ref ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> line)
    {
        Forget();
        var end = chunk.IndexOf(lineEnd);
        if (end < 0)
        {
            Keep(chunk);
            chunk = default;
            line = default;
            return LineStatus.NeedMore;
        }

        var piece = chunk[..end];
        chunk = chunk[(end + 1)..];
        if (length == 0)
        {
            line = Trim(piece);
            if (line.Length <= maxLength) return LineStatus.Line;
        }

        Keep(piece);
        return End(out line);
    }

    /// <summary>At the end of the stream: returns the last line if it has no line end.</summary>
    public LineStatus Finish(out ReadOnlySpan<byte> line)
    {
        Forget();
        line = default;
        return length == 0 ? LineStatus.NeedMore : End(out line);
    }

    private LineStatus End(out ReadOnlySpan<byte> line)
    {
        handedOut = true;
        line = default;
        if (skipping) return TooLong(last == Return ? length - 1 : length, ref line);
        line = Trim(kept.AsSpan(0, keptLength));
        return line.Length <= maxLength ? LineStatus.Line : TooLong(line.Length, ref line);
    }

    private LineStatus TooLong(long bytes, ref ReadOnlySpan<byte> line)
    {
        SkippedBytes = bytes;
        line = default;
        return LineStatus.TooLong;
    }

    /// <summary>Clears the last line. Delayed until the next call, since the caller may still read the line.</summary>
    private void Forget()
    {
        if (!handedOut) return;
        handedOut = false;
        skipping = false;
        length = 0;
        keptLength = 0;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty) return;
        length += piece.Length;
        last = piece[^1];
        if (length > maxLength + 1L) // one byte more than the limit may be the \r
        {
            skipping = true;
            piece = piece[..Math.Min(piece.Length, Math.Max(0, StartBytes - keptLength))];
        }
        else if (length > kept.Length)
        {
            Array.Resize(ref kept, (int)Math.Min(maxLength + 1L, Math.Max(length, kept.Length * 2L)));
        }

        piece.CopyTo(kept.AsSpan(keptLength));
        keptLength += piece.Length;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line) =>
        !line.IsEmpty && line[^1] == Return ? line[..^1] : line;
}
