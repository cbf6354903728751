namespace ActorTrading.Client;

/// <summary>Connection settings of a <see cref="NodeClient"/>.</summary>
public sealed record NodeClientSettings
{
    /// <summary>The HTTP address of the node.</summary>
    public Uri Address { get; init; } = new("http://127.0.0.1:5000");

    /// <summary>The access token; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>The TLS settings for an https address; null: the defaults of the system.</summary>
    public FeedTls? Tls { get; init; }

    /// <summary>Timeout of a request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A stream counts as broken after this time without data. The node sends a heartbeat every 5 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Maximum delay before a broken stream is opened again.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(5);
}
