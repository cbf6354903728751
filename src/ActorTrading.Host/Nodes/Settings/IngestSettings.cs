using ActorTrading.Engine.Ingest;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Nodes.Settings;

/// <summary>The settings <c>ingest:*</c>.</summary>
internal static class IngestSettings
{
    /// <summary>Limits of the TCP port.</summary>
    public static IReadOnlyList<Setting<IngestOptions>> Listener { get; } =
    [
        new("ingest:hello_timeout_ms", (ingest, text) => ingest with { HelloTimeout = Milliseconds(text, 100) }),
        new("ingest:max_pending", (ingest, text) => ingest with { MaxPending = Count(text, 1, 1 << 20) }),
        new("ingest:max_pending_per_address", (ingest, text) => ingest with { MaxPendingPerAddress = Count(text, 1) }),
        new("ingest:max_connections", (ingest, text) => ingest with { MaxConnections = Count(text, 1, 1 << 24) }),
    ];

    /// <summary>Limits of all ways of ingest.</summary>
    public static IReadOnlyList<Setting<IngestPipelineOptions>> Intake { get; } =
    [
        new("ingest:max_symbols", (intake, text) => intake with { MaxSymbols = Count(text, 1) }),
        new("ingest:max_symbols_per_source", (intake, text) => intake with { MaxSymbolsPerSource = Count(text, 1) }),
        new("ingest:new_symbols_per_second", (intake, text) => intake with { NewSymbolsPerSecond = Count(text, 1) }),
        new("ingest:max_economic_names_per_source", (intake, text) => intake with { MaxFiguresPerSource = Count(text, 1) }),
        new("ingest:max_sources", (intake, text) => intake with { MaxSources = Count(text, 1) }),
        new("ingest:max_sources_per_caller", (intake, text) => intake with { MaxSourcesPerCaller = Count(text, 1) }),
        new("ingest:max_ahead_ms",
            (intake, text) => intake with { MaxAhead = TimeSpan.FromMilliseconds(Number(text, 0, 100L * 366 * 86_400_000)) }),
    ];
}
