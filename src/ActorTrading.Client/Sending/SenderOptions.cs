namespace ActorTrading.Client.Sending;

/// <summary>How an <see cref="AckedSender{T}"/> sends.</summary>
/// <param name="Connect">Opens a connection.</param>
/// <param name="Hello">The first line of each connection, with its end.</param>
/// <param name="Window">How many items may wait for their ack; more wait to be taken.</param>
internal sealed record SenderOptions(Func<CancellationToken, ValueTask<Stream>> Connect, ReadOnlyMemory<byte> Hello, int Window)
{
    /// <summary>The wait before the second attempt to connect; doubles with each, and starts anew with an ack.</summary>
    public required TimeSpan FirstBackOff { get; init; }

    /// <summary>The longest such wait.</summary>
    public required TimeSpan MaxBackOff { get; init; }

    /// <summary>After how long without a word from the server it is taken for dead; some heartbeats long.</summary>
    public required TimeSpan Silence { get; init; }

    /// <summary>The clock of waits and latencies.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Hears of refusals, as the server words them; a resend may repeat one. Called one at a time; must not throw.</summary>
    public Action<string>? OnReject { get; init; }

    /// <summary>
    /// Hears, for each call of <see cref="AckedSender{T}.SendAsync"/>, how long it took to the ack of its last item. Must not throw.
    /// </summary>
    public Action<TimeSpan>? OnLatency { get; init; }

    /// <summary>Hears why a connection ended. Must not throw.</summary>
    public Action<string>? OnDisconnect { get; init; }
}
