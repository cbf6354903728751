namespace ActorTrading.Client;

/// <summary>Where a <see cref="NodeClient"/> asks, and as whom.</summary>
public sealed record NodeClientSettings
{
    /// <summary>The node's address for HTTP.</summary>
    public Uri Address { get; init; } = new("http://127.0.0.1:5000");

    /// <summary>The token to show; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>How to encrypt, for an address of https; null: as the system does it.</summary>
    public FeedTls? Tls { get; init; }

    /// <summary>How long a request waits for its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how long without a word a stream is taken for broken. The node says something every 5 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest wait before a stream that broke is opened again.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(5);
}
