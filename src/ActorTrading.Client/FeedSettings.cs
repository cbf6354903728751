using ActorTrading.Client.Records;

namespace ActorTrading.Client;

/// <summary>Connection settings of a <see cref="Feed"/>.</summary>
public sealed record FeedSettings
{
    /// <summary>
    /// The source name: 1 to 64 printable ASCII characters without quotes and backslashes. Only one feed at a time may send for a source.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The host name or address of the node.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The ingest port of the node.</summary>
    public int Port { get; init; } = 9999;

    /// <summary>
    /// The epoch of the records' sequence numbers; null for a new one, the clock's milliseconds. Null is right if the program starts from
    /// the beginning. A program that resumes after a crash with its own numbers (<see cref="MarketRecord.Seq"/>) must keep its epoch.
    /// </summary>
    public long? Epoch { get; init; }

    /// <summary>The access token; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>The TLS settings; null: no encryption.</summary>
    public FeedTls? Tls { get; init; }

    /// <summary>Maximum number of unacknowledged records. If it is reached, sending waits.</summary>
    public int Window { get; init; } = 10_000;

    /// <summary>The connection counts as dead after this time without data from the node. The node sends a heartbeat every 5 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Maximum delay before a reconnect.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Called for each record that the node rejected; after a reconnect some rejections are repeated. Calls do not overlap. Must not throw.
    /// </summary>
    public Action<Rejection>? OnReject { get; init; }

    /// <summary>Called with the reason when a connection ends; the feed reconnects. Must not throw.</summary>
    public Action<string>? OnDisconnect { get; init; }
}
