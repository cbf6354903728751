namespace ActorTrading.Host.Web.Queries;

/// <summary>Limits of journal queries. See docs/http.md.</summary>
internal sealed record QueryOptions
{
    /// <summary>Maximum number of concurrent queries.</summary>
    public int AtOnce { get; init; } = Math.Max(2, Environment.ProcessorCount / 2);

    /// <summary>Maximum number of queued queries, over all callers.</summary>
    public int Waiting { get; init; } = 256;

    /// <summary>Maximum number of queued queries per caller.</summary>
    public int WaitingPerCaller { get; init; } = 32;

    /// <summary>Time limit of a query, and separately of its wait in the queue.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
