namespace ActorTrading.Wire.Files;

/// <summary>A stretch of the text of an input. Mostly whole lines, which can be parsed on their own.</summary>
public sealed class LineBlock
{
    internal LineBlock(LineInput input, byte[] memory, int length)
    {
        Input = input;
        Memory = memory;
        Length = length;
    }

    /// <summary>The input that it is part of.</summary>
    public LineInput Input { get; }

    /// <summary>Holds the text, from its first byte on.</summary>
    public byte[] Memory { get; }

    internal int Length { get; }

    /// <summary>How many lines of the input end before it.</summary>
    internal long LinesBefore { get; init; }

    /// <summary>Whether it ends with a line, and so does the block before it.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>Whether it ends with the input.</summary>
    internal bool IsLast { get; init; }

    internal ReadOnlySpan<byte> Text => Memory.AsSpan(0, Length);

    /// <summary>
    /// Parses it, on any thread. False where its records depend on what stands before it: then what the sink got is not
    /// valid, and it is parsed with <see cref="LineInput.ParseInOrder"/>.
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
