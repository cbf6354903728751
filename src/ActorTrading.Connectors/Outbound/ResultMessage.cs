using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Outbound;

/// <summary>A result as a message to another system. Without an <see cref="Id"/> it only marks the position that was read.</summary>
public sealed record ResultMessage(ResultPosition Position)
{
    /// <summary>
    /// The id of the result, the same for each repetition, so that a receiver can detect duplicates. Signals: their id; withdrawals: that
    /// id and <c>/withdrawn</c>. Bars and values: symbol, frame and start (on ticks: the event and the number within it). Rejections: their
    /// position.
    /// </summary>
    public string Id { get; init; } = "";

    /// <summary>The ordering key: messages with the same key stay in order. The name of the symbol, if there is one.</summary>
    public string Key { get; init; } = "";

    /// <summary>The message: JSON.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The topic within the symbol, of which this is the newest result: a rule's name or a frame; empty for rejections.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Exchange time; null for rejections.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>Whether it only marks a position, without a message to send.</summary>
    public bool IsMark => Id.Length == 0;
}
