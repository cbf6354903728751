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

    /// <summary>The web pages that may use the node from within a browser, by origin, such as <c>https://desk.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>How often a subscriber hears from the node if nothing else happens.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscriber may take nothing before it is cut off.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of both.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
