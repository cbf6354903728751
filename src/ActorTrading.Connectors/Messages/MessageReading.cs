using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Messages;

/// <summary>Options for parsing the messages of a connector.</summary>
public sealed record MessageReading
{
    /// <summary>Defaults for information that the text does not contain.</summary>
    public ParserOptions Parser { get; init; } = new();

    /// <summary>
    /// Maximum number of records of one symbol in a message. With 1, a record has the sequence number of its message. With more, record i
    /// (from 0) of a symbol has the number <c>number * PerMessage + i</c>, so this value must not change for a source and epoch.
    /// </summary>
    public int PerMessage { get; init; } = 1;
}
