using ActorTrading.Engine;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Nodes.Settings;

/// <summary>The settings <c>engine:*</c>. Those that both engines have apply to both.</summary>
internal static class EngineSettings
{
    public static IReadOnlyList<Setting<NodeOptions>> All { get; } =
    [
        new("engine:max_symbol_bytes", (node, text) => node with { MaxSymbolBytes = Number(text, 1 << 16, 1L << 40) }),
        new("engine:partitions", (node, text) => node with { Engine = node.Engine with { Partitions = Count(text, 1, 1024) } }),
        new("engine:queue_records", (node, text) => node with { Engine = node.Engine with { QueueRecords = Count(text, 1) } }),
        new("engine:group_records", (node, text) => node with { Engine = node.Engine with { GroupRecords = Count(text, 1, 1 << 24) } }),
        new("engine:idle_ms", (node, text) => node with
        {
            Engine = node.Engine with { IdleAfter = Milliseconds(text, 1_000) },
            Cluster = node.Cluster with { PassivateAfter = Milliseconds(text, 1_000) },
        }),
        Of("snapshot_every", (engine, text) => engine with { SnapshotEvery = Count(text, 0) }),
        Of("signal_snapshot_every", (engine, text) => engine with { SignalSnapshotEvery = Count(text, 0) }),
        Of("signal_tail", (engine, text) => engine with { SignalTail = Count(text, 1, 1 << 24) }),
        new("engine:gather_at_most_ms",
            (node, text) => node with { Engine = node.Engine with { GatherAtMost = Milliseconds(text, 0, 60_000) } }),
        Of("keep_days", (engine, text) => engine with { KeepDays = Count(text, 1, 36_500) }),
        new("engine:close_silent_bars", (node, text) => node with { CloseSilentBars = YesOrNo(text) }),
        new("engine:grace_ms", (node, text) => node with { Grace = Milliseconds(text, 0, 3_600_000) }),
        Of("delete_covered_events", (engine, text) => engine with { DeleteCoveredEvents = YesOrNo(text) }),
        Of("live_buffer", (engine, text) => engine with { LiveBuffer = Count(text, 1, 1 << 24) }),
    ];

    /// <summary>What is wrong with settings that are valid each for itself.</summary>
    public static IEnumerable<string> Problems(EngineOptions engine)
    {
        if (engine is { KeepDays: not null, DeleteCoveredEvents: true })
            yield return "engine:keep_days keeps what engine:delete_covered_events deletes: set only one of them";
    }

    private static Setting<NodeOptions> Of(string name, Func<EngineOptions, string, EngineOptions> apply) =>
        new($"engine:{name}", (node, text) => node.WithEngines(engine => apply(engine, text)));
}
