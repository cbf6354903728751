namespace ActorTrading.Client.Sending;

/// <summary>Options of an <see cref="AckedSender{T}"/>.</summary>
/// <param name="Connect">Opens a connection.</param>
/// <param name="Hello">The first line of each connection, with its line end.</param>
/// <param name="Window">Maximum number of unacknowledged items. If it is reached, sending waits.</param>
internal sealed record SenderOptions(Func<CancellationToken, ValueTask<Stream>> Connect, ReadOnlyMemory<byte> Hello, int Window)
{
    /// <summary>Delay before the second attempt to connect. It doubles with each attempt and is reset by an ack.</summary>
    public required TimeSpan FirstBackOff { get; init; }

    /// <summary>Maximum delay between attempts.</summary>
    public required TimeSpan MaxBackOff { get; init; }

    /// <summary>The connection counts as dead after this time without data from the server; several heartbeats long.</summary>
    public required TimeSpan Silence { get; init; }

    /// <summary>The clock for delays and latencies.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called for each rejection with the server's text; a resend may repeat one. Calls do not overlap. Must not throw.</summary>
    public Action<string>? OnReject { get; init; }

    /// <summary>
    /// Called for each <see cref="AckedSender{T}.SendAsync"/> with the time until the ack of its last item. Must not throw.
    /// </summary>
    public Action<TimeSpan>? OnLatency { get; init; }

    /// <summary>Called with the reason when a connection ends. Must not throw.</summary>
    public Action<string>? OnDisconnect { get; init; }
}
