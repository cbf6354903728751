namespace ActorTrading.Wire.Framing;

/// <summary>Result of <see cref="LineSplitter.Next"/>.</summary>
public enum LineStatus
{
    /// <summary>The chunk is consumed; feed the next one.</summary>
    NeedMore,

    /// <summary>A complete line.</summary>
    Line,

    /// <summary>The end of a line that exceeded the limit; its bytes were discarded.</summary>
    TooLong,
}
