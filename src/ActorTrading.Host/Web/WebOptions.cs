using ActorTrading.Host.Nodes.Settings;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Web;

/// <summary>Limits and settings of the HTTP interface. See docs/http.md.</summary>
internal sealed record WebOptions
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 5000;

    /// <summary>The settings <c>http:*</c>.</summary>
    public static IReadOnlyList<Setting<WebOptions>> Settings { get; } =
    [
        new("http:max_request_bytes", (web, text) => web with { MaxRequestBytes = Number(text, 1024, 1L << 40) }),
        new("http:max_connections", (web, text) => web with { MaxConnections = Count(text, 1) }),
        new("http:origins", (web, text) => web with { Origins = [.. text.Split(',').Select(Origin)] }),
        new("http:hosts", (web, text) => web with { Hosts = [.. List(text).Select(HostName)] }),
        new("http:headers_timeout_ms", (web, text) => web with { HeadersTimeout = Milliseconds(text, 100) }),
        new("http:idle_timeout_ms", (web, text) => web with { IdleTimeout = Milliseconds(text, 1_000) }),
        new("http:max_pending", (web, text) => web with { MaxPending = Count(text, 1) }),
        new("http:max_pending_per_address", (web, text) => web with { MaxPendingPerAddress = Count(text, 1) }),
        new("http:max_streams", (web, text) => web with { MaxStreams = Count(text, 1) }),
    ];

    /// <summary>Maximum length of a request body in bytes, both compressed and decompressed.</summary>
    public long MaxRequestBytes { get; init; } = 16L << 20;

    /// <summary>Maximum number of concurrent connections.</summary>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>Maximum number of connections without a request that passed the access rules; a further one closes the oldest.</summary>
    public int MaxPending { get; init; } = 1_024;

    /// <summary>Maximum number of such connections per address (IPv6: per /64 network); a further one closes the oldest.</summary>
    public int MaxPendingPerAddress { get; init; } = 256;

    /// <summary>Maximum number of concurrent WebSockets and event streams together.</summary>
    public int MaxStreams { get; init; } = 8_192;

    /// <summary>Time limit for the headers of a request; on a new connection it includes the wait for the first byte.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Idle time after which a connection that has had a request is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Additional host names of the node (<c>Host</c> header). <c>*.example</c> allows all names with that suffix, <c>*</c> allows any
    /// name.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The origins of web pages that may use the node from a browser, such as <c>https://desk.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Interval of heartbeats to a subscriber without other messages.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscriber may not read before it is disconnected.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of these timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
