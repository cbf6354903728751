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
}
