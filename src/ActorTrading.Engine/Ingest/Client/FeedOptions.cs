using ActorTrading.Client;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Client;

/// <summary>Options of a <see cref="FeedClient"/>.</summary>
public sealed record FeedOptions
{
    /// <summary>The name or address of the server.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port.</summary>
    public int Port { get; init; } = IngestOptions.DefaultPort;

    /// <summary>The source of records without their own seq. Records with their own seq must not use this source.</summary>
    public required Source Source { get; init; }

    /// <summary>The epoch of this run. It must be higher than the epoch of any earlier run whose seqs are used again.</summary>
    public long Epoch { get; init; }

    /// <summary>The seq of the first record that has none.</summary>
    public long FirstSeq { get; init; } = 1;

    /// <summary>TLS options; null: no encryption.</summary>
    public FeedTls? Tls { get; init; }

    /// <summary>The token for authentication; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>Protocol: binary frames (true) or text lines (false).</summary>
    public bool Binary { get; init; }

    /// <summary>Maximum number of unacknowledged records; beyond it, sending waits.</summary>
    public int Window { get; init; } = 65_536;

    /// <summary>Wait before the second attempt to connect; doubles with each attempt, and is reset by an ack.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Maximum wait between two attempts.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time without data from the server after which the connection is considered dead; several heartbeats long.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock for waits and latencies.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Called for each rejection with the server's text; after a resend a rejection may be repeated. Calls do not overlap. Must not throw.
    /// </summary>
    public Action<string>? OnReject { get; init; }

    /// <summary>
    /// Called for each call of <see cref="FeedClient.SendAsync"/> with the time from the call to the ack of its last record. Must not
    /// throw.
    /// </summary>
    public Action<TimeSpan>? OnLatency { get; init; }

    /// <summary>Called with the reason when a connection has ended. Must not throw.</summary>
    public Action<string>? OnDisconnect { get; init; }
}
