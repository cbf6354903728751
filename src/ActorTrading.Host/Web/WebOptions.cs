namespace ActorTrading.Host.Web;

/// <summary>What clients of the HTTP interface may do. Described in docs/http.md.</summary>
internal sealed record WebOptions
{
    /// <summary>The port where nothing else is said.</summary>
    public const int DefaultPort = 5000;

    /// <summary>The longest request body in bytes, as sent and as unpacked.</summary>
    public long MaxRequestBytes { get; init; } = 16L << 20;

    /// <summary>How many connections there may be at once.</summary>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>How many of these may be there of which no request has passed the access rules; a further one ends the oldest.</summary>
    public int MaxPending { get; init; } = 1_024;

    /// <summary>How many of them may come from one address (IPv6: from one /64 network); a further one ends the oldest.</summary>
    public int MaxPendingPerAddress { get; init; } = 256;

    /// <summary>How many WebSockets and event streams there may be at once, together.</summary>
    public int MaxStreams { get; init; } = 8_192;

    /// <summary>How long the head of a request may take, and on a new connection its coming.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long without a request a connection that has had one is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Names of the node beside its own, by which clients call it (<c>Host</c>); <c>*.example</c> for all that end so,
    /// <c>*</c> for any.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The web pages that may use the node from within a browser, by origin, such as <c>https://desk.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>How often a subscriber hears from the node if nothing else happens.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscriber may take nothing before it is cut off.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of these.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
