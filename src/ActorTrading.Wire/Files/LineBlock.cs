namespace ActorTrading.Wire.Files;

/// <summary>A block of an input's text. Usually whole lines, which can be parsed independently.</summary>
public sealed class LineBlock
{
    internal LineBlock(LineInput input, byte[] memory, int length)
    {
        Input = input;
        Memory = memory;
        Length = length;
    }

    /// <summary>The input of the block.</summary>
    public LineInput Input { get; }

    /// <summary>The buffer; the text starts at its first byte.</summary>
    public byte[] Memory { get; }

    internal int Length { get; }

    /// <summary>Number of lines of the input before the block.</summary>
    internal long LinesBefore { get; init; }

    /// <summary>Whether this block and the one before it end at a line end.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>Whether it is the last block of the input.</summary>
    internal bool IsLast { get; init; }

    internal ReadOnlySpan<byte> Text => Memory.AsSpan(0, Length);

    /// <summary>
    /// Parses the block, on any thread. Returns false if its records depend on earlier text: then the sink's content is not valid, and the
    /// block must be parsed with <see cref="LineInput.ParseInOrder"/>.
    /// </summary>
    public bool TryParse(ReadPosition position, IRecordSink sink)
    {
        if (!IsWhole || Input.IsInOrder) return false;
        var feed = Input.NewFeed(position, sink);
        feed.BeginAfter(LinesBefore);
        feed.Feed(Text);
        feed.TakeLast();
        return !feed.DependsOnEarlier;
    }
}
