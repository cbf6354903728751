using ActorTrading.Wire.Files;

namespace ActorTrading.Wire;

/// <summary>
/// A sink that parses lines itself. A file reader passes line-based inputs to it as blocks of text, and the records of all other inputs as
/// to any sink, in the order of the input and on one thread. Blocks may be parsed on any thread; their records must follow the order of the
/// blocks.
/// </summary>
public interface ILineSink : IRecordSink
{
    /// <summary>Provides memory for a block, of any length above zero.</summary>
    byte[] Rent();

    /// <summary>Receives the next block of text. Its memory came from <see cref="Rent"/> and belongs to the sink again.</summary>
    void OnLines(LineBlock block);
}
