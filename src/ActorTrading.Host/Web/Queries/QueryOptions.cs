using ActorTrading.Host.Nodes.Settings;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Web.Queries;

/// <summary>Limits of journal queries. See docs/http.md.</summary>
internal sealed record QueryOptions
{
    /// <summary>The settings <c>queries:*</c>.</summary>
    public static IReadOnlyList<Setting<QueryOptions>> Settings { get; } =
    [
        new("queries:at_once", (queries, text) => queries with { AtOnce = Count(text, 1, 1_024) }),
        new("queries:waiting", (queries, text) => queries with { Waiting = Count(text, 0) }),
        new("queries:waiting_per_caller", (queries, text) => queries with { WaitingPerCaller = Count(text, 0) }),
        new("queries:timeout_ms", (queries, text) => queries with { Timeout = Milliseconds(text, 1) }),
    ];

    /// <summary>Maximum number of concurrent queries.</summary>
    public int AtOnce { get; init; } = Math.Max(2, Environment.ProcessorCount / 2);

    /// <summary>Maximum number of queued queries, over all callers.</summary>
    public int Waiting { get; init; } = 256;

    /// <summary>Maximum number of queued queries per caller.</summary>
    public int WaitingPerCaller { get; init; } = 32;

    /// <summary>Time limit of a query, and separately of its wait in the queue.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
