namespace ActorTrading.Wire.Framing;

/// <summary>What <see cref="LineSplitter.Next"/> found.</summary>
public enum LineStatus
{
    /// <summary>The chunk is used up; feed the next one.</summary>
    NeedMore,

    /// <summary>A whole line.</summary>
    Line,

    /// <summary>The end of a line that was longer than the limit; its bytes are gone.</summary>
    TooLong,
}
