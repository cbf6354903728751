using ActorTrading.Client.Records;

namespace ActorTrading.Client;

/// <summary>Where a <see cref="Feed"/> sends, and as whom.</summary>
public sealed record FeedSettings
{
    /// <summary>
    /// Who sends: 1 to 64 printable ASCII characters without quotes and backslashes. One feed at a time sends for a source.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The name or address of the node.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port for ticks.</summary>
    public int Port { get; init; } = 9999;

    /// <summary>
    /// The epoch of the records' numbers; null for a new one, the clock's milliseconds, which is right where a program starts anew.
    /// One that crashes and goes on
    /// with numbers of its own (<see cref="MarketRecord.Seq"/>) keeps its epoch.
    /// </summary>
    public long? Epoch { get; init; }

    /// <summary>The token to show; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>How to encrypt; null: not at all.</summary>
    public FeedTls? Tls { get; init; }

    /// <summary>How many records may wait for their acknowledgement; more wait to be taken.</summary>
    public int Window { get; init; } = 10_000;

    /// <summary>After how long without a word from the node it is taken for dead. It says something every 5 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest wait before it connects again.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Hears of records that the node refused; after a break, of some once more. Called one at a time; must not throw.</summary>
    public Action<Rejection>? OnReject { get; init; }

    /// <summary>Hears why a connection ended; the feed connects again. Must not throw.</summary>
    public Action<string>? OnDisconnect { get; init; }
}
