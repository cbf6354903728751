using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Outbound;

/// <summary>A result as a message to another system, or, without an <see cref="Id"/>, only how far results were read.</summary>
public sealed record ResultMessage(ResultPosition Position)
{
    /// <summary>
    /// Which result it is: the same each time it is sent, so that whoever gets it twice can tell. Of signals their id, of
    /// withdrawals that and <c>/withdrawn</c>; of bars and values symbol, frame and opening time (of ticks the event and
    /// the number within it); of rejects their place.
    /// </summary>
    public string Id { get; init; } = "";

    /// <summary>What messages that are to stay in their order have in common: the name of the symbol, where there is one.</summary>
    public string Key { get; init; } = "";

    /// <summary>The message: JSON.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Which of the symbol's results it is the newest of: a rule's name, a frame; empty of rejects.</summary>
    public string Topic { get; init; } = "";

    /// <summary>When it happened, in exchange time; null of rejects.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>Whether there is nothing to send.</summary>
    public bool IsMark => Id.Length == 0;
}
