using ActorTrading.Host.Nodes.Settings;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Telemetry;

/// <summary>Metrics settings of a node. See docs/metrics.md.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>The settings <c>metrics:*</c> and <c>otlp:*</c>.</summary>
    public static IReadOnlyList<Setting<TelemetryOptions>> Settings { get; } =
    [
        new("metrics:symbols", (watch, text) => watch with { Symbols = Count(text, 0, 1 << 20) }),
        new("metrics:sources", (watch, text) => watch with { Sources = Count(text, 0, 1 << 20) }),
        new("otlp:endpoint", (watch, text) => watch with { Otlp = Url(text) }),
    ];

    /// <summary>Maximum number of symbols with their own metrics, the first by name; 0 for none. The others are counted together.</summary>
    public int Symbols { get; init; } = 200;

    /// <summary>
    /// Maximum number of sources with their own metrics, the first by name. The others are counted together as <c>(others)</c>.
    /// </summary>
    public int Sources { get; init; } = 100;

    /// <summary>
    /// The OTLP-over-HTTP endpoint for metrics, without the path <c>/v1/metrics</c>. Null: no export, unless the environment sets
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.
    /// </summary>
    public Uri? Otlp { get; init; }
}
