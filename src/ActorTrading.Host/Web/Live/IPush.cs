namespace ActorTrading.Host.Web.Live;

/// <summary>The way to a subscriber. Called by one at a time.</summary>
internal interface IPush
{
    /// <summary>
    /// Sends a message: its name, its place in the signal log if it has one, and its content as JSON. Returns when
    /// there is room for the next.
    /// </summary>
    ValueTask SendAsync(string name, long? position, ReadOnlyMemory<byte> content, CancellationToken cancellation);
}
