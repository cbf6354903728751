namespace ActorTrading.Host.Watching;

/// <summary>What a node shows of itself. Described in docs/metrics.md.</summary>
internal sealed record WatchOptions
{
    /// <summary>Symbols that have metrics of their own: the first by name; 0 for none. The others are counted together.</summary>
    public int Symbols { get; init; } = 200;

    /// <summary>Sources that have metrics of their own: the first by name. The others are counted together as <c>(others)</c>.</summary>
    public int Sources { get; init; } = 100;

    /// <summary>
    /// Where metrics are sent by OTLP over HTTP, without the path <c>/v1/metrics</c>. Null: nowhere, unless the environment has
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.
    /// </summary>
    public Uri? Otlp { get; init; }
}
