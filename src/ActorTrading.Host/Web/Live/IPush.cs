namespace ActorTrading.Host.Web.Live;

/// <summary>Sends messages to a subscriber. One call at a time.</summary>
internal interface IPush
{
    /// <summary>
    /// Sends a message: its name, its position in the signal log (null for none), and its content as JSON. Completes when the next message
    /// can be sent.
    /// </summary>
    ValueTask SendAsync(string name, long? position, ReadOnlyMemory<byte> content, CancellationToken cancellation);
}
