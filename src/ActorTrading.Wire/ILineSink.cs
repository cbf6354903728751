using ActorTrading.Wire.Files;

namespace ActorTrading.Wire;

/// <summary>
/// A sink that parses lines itself. A reader of files passes it inputs of lines as text, in blocks, and the records of
/// all other inputs as to any sink, all in the order of the input and on one thread. Blocks may be parsed on any
/// thread; their records follow each other in the order of the blocks.
/// </summary>
public interface ILineSink : IRecordSink
{
    /// <summary>Memory for a block, of any length above zero.</summary>
    byte[] Rent();

    /// <summary>The next block of text. Its memory came from <see cref="Rent"/> and is the sink's again.</summary>
    void OnLines(LineBlock block);
}
