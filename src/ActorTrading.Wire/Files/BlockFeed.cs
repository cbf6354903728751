using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>Splits a line-based input into blocks, which its sink parses.</summary>
internal sealed class BlockFeed : RecordFeed
{
    private readonly ILineSink sink;
    private readonly LineInput input;
    private readonly TableLayout? table;
    private readonly byte lineEnd;
    private byte[] memory;
    private int length;
    private long linesBefore;
    private bool isWhole = true;
    private bool hasRows;

    public BlockFeed(DetectedInput detected, ILineSink sink)
        : base(detected.Name, detected.Options, sink)
    {
        this.sink = sink;
        input = new LineInput(detected);
        table = detected.Layout;
        lineEnd = table?.LineEnd ?? (byte)'\n';
        memory = sink.Rent();
    }

    public override bool Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (length == memory.Length) HandOnLines();
            var part = bytes[..Math.Min(bytes.Length, memory.Length - length)];
            part.CopyTo(memory.AsSpan(length));
            length += part.Length;
            LineNumber += part.Count(lineEnd);
            bytes = bytes[part.Length..];
        }

        return true;
    }

    public override void Complete()
    {
        HandOn(length, isEndOfLine: true, isLast: true);
        if (table is not null && !hasRows) throw NoRows();
    }

    /// <summary>Delivers the complete lines.</summary>
    public override void Stop()
    {
        var end = memory.AsSpan(0, length).LastIndexOf(lineEnd) + 1;
        if (end > 0) HandOn(end, isEndOfLine: true);
    }

    /// <summary>Delivers the lines of a full block; a line longer than the block is delivered in pieces.</summary>
    private void HandOnLines()
    {
        var end = memory.AsSpan(0, length).LastIndexOf(lineEnd) + 1;
        HandOn(end > 0 ? end : length, isEndOfLine: end > 0);
    }

    private void HandOn(int bytes, bool isEndOfLine, bool isLast = false)
    {
        var text = memory.AsSpan(0, bytes);
        hasRows = hasRows || table is null || HasRow(text);
        var block = new LineBlock(input, memory, bytes)
        {
            LinesBefore = linesBefore,
            IsWhole = isWhole && isEndOfLine,
            IsLast = isLast,
        };
        var rest = memory.AsSpan(bytes, length - bytes);
        var next = isLast ? [] : sink.Rent();
        rest.CopyTo(next);
        (memory, length, linesBefore, isWhole) = (next, rest.Length, LineNumber, isEndOfLine);
        sink.OnLines(block);
    }

    /// <summary>Whether a line after the lines before the table is not empty.</summary>
    private bool HasRow(ReadOnlySpan<byte> text)
    {
        for (var line = linesBefore + 1; !text.IsEmpty; line++)
        {
            var end = text.IndexOf(lineEnd);
            var row = end < 0 ? text : text[..end];
            if (line > table!.LinesBefore && row is not ([] or [(byte)'\r'])) return true;
            text = text[(row.Length + (end < 0 ? 0 : 1))..];
        }

        return false;
    }
}
