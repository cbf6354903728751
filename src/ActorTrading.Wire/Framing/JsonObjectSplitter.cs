namespace ActorTrading.Wire.Framing;

/// <summary>
/// Splits JSON that is not one record per line into objects: an array over many lines, or objects that span several lines. Between objects,
/// blanks, commas and square brackets are skipped; any other text, up to the end of its line, is returned as a piece that no parser
/// accepts. An object longer than the limit is skipped up to the end of the line in which it exceeds the limit; only its start is kept. Not
/// thread-safe.
/// </summary>
public sealed class JsonObjectSplitter : IPieceSplitter
{
    private readonly int maxLength;
    private readonly bool isOfArrays;
    private bool isWithinArray;
    private byte[] kept = new byte[LineSplitter.StartBytes];
    private int keptLength;
    private long length;
    private int depth;
    private State state;
    private bool handedOut;
    private long lineEnds;

    /// <summary>Creates a splitter with that limit, in bytes.</summary>
    public JsonObjectSplitter(int maxLength = LineSplitter.DefaultMaxLength, bool isOfArrays = false)
    {
        this.isOfArrays = isOfArrays;
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 2);
        this.maxLength = maxLength;
    }

    private enum State
    {
        Between,
        Inside,
        Text,
        Escape,
        Stray,
        Skip,
    }

    /// <summary>After <see cref="LineStatus.TooLong"/>: the number of skipped bytes.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>After <see cref="LineStatus.TooLong"/>: the first skipped bytes, at most 512, valid until the next call.</summary>
    public ReadOnlySpan<byte> SkippedStart => kept.AsSpan(0, Math.Min(keptLength, LineSplitter.StartBytes));

    /// <summary>The line in which the last returned piece begins, from 1.</summary>
    public long PieceLine { get; private set; }

    /// <summary>Reads the next object from the chunk. It is valid until the next call and only while the chunk is valid.</summary>
    public LineStatus Next(ref ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> text)
    {
        Forget();
        text = default;
        var start = length == 0 ? -1 : 0;
        for (var i = 0; i < chunk.Length; i++)
        {
            var c = chunk[i];
            if (c == '\n') lineEnds++;
            if (state == State.Between)
            {
                if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)']') continue;
                if (c == '[' && !(isOfArrays && isWithinArray))
                {
                    isWithinArray = true;
                    continue;
                }

                start = i;
                PieceLine = lineEnds + 1;
                state = c is (byte)'{' or (byte)'[' ? State.Inside : State.Stray;
                depth = state == State.Inside ? 1 : 0;
                continue;
            }

            if (!Ends(c))
            {
                if (state != State.Skip && length + (i - start) >= maxLength) state = c == '\n' ? State.Between : State.Skip;
                if (state != State.Between) continue;
                return TooLong(ref chunk, start, i);
            }

            if (state == State.Skip) return TooLong(ref chunk, start, i);
            var tail = chunk[start..(state == State.Stray ? i : i + 1)];
            chunk = chunk[(i + 1)..];
            return End(tail, out text);
        }

        if (start >= 0) Keep(chunk[start..]);
        chunk = default;
        return LineStatus.NeedMore;
    }

    /// <summary>At the end of the stream: returns the incomplete object, if any.</summary>
    public LineStatus Finish(out ReadOnlySpan<byte> text)
    {
        Forget();
        text = default;
        if (length == 0) return LineStatus.NeedMore;
        if (state != State.Skip) return End(default, out text);
        SkippedBytes = length;
        handedOut = true;
        return LineStatus.TooLong;
    }

    /// <summary>Processes one character; true if it ends the current piece.</summary>
    private bool Ends(byte c)
    {
        switch (state)
        {
            case State.Text:
                state = c switch { (byte)'"' => State.Inside, (byte)'\\' => State.Escape, _ => State.Text };
                return false;
            case State.Escape:
                state = State.Text;
                return false;
            case State.Inside:
                if (c == '"') state = State.Text;
                else if (c is (byte)'{' or (byte)'[') depth++;
                else if (c is (byte)'}' or (byte)']') return --depth == 0;
                return false;
            default:
                return c == '\n';
        }
    }

    private LineStatus End(ReadOnlySpan<byte> tail, out ReadOnlySpan<byte> text)
    {
        if (length == 0)
        {
            text = tail;
        }
        else
        {
            Keep(tail);
            text = kept.AsSpan(0, keptLength);
        }

        handedOut = true;
        return LineStatus.Line;
    }

    private LineStatus TooLong(ref ReadOnlySpan<byte> chunk, int start, int end)
    {
        state = State.Skip;
        Keep(chunk[start..end]);
        SkippedBytes = length;
        chunk = chunk[(end + 1)..];
        handedOut = true;
        return LineStatus.TooLong;
    }

    private void Forget()
    {
        if (!handedOut) return;
        handedOut = false;
        state = State.Between;
        length = 0;
        keptLength = 0;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        length += piece.Length;
        if (state == State.Skip) piece = piece[..Math.Min(piece.Length, Math.Max(0, LineSplitter.StartBytes - keptLength))];
        else if (length > kept.Length) Array.Resize(ref kept, (int)Math.Max(length, kept.Length * 2L));
        piece.CopyTo(kept.AsSpan(keptLength));
        keptLength += piece.Length;
    }
}
