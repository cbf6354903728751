using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Messages;

/// <summary>How the messages of a connector are read.</summary>
public sealed record MessageReading
{
    /// <summary>What a text leaves open.</summary>
    public ParserOptions Parser { get; init; } = new();

    /// <summary>
    /// The most records of one symbol that a message may hold. With 1 a record has the number of its message. With more,
    /// record i (from 0) of a symbol has the number <c>number * PerMessage + i</c>, so this must stay as it is for a
    /// source and epoch.
    /// </summary>
    public int PerMessage { get; init; } = 1;
}
