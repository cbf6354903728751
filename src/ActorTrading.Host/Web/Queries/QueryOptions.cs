namespace ActorTrading.Host.Web.Queries;

/// <summary>Limits of queries of the journal. Described in docs/http.md.</summary>
internal sealed record QueryOptions
{
    /// <summary>Queries that run at once.</summary>
    public int AtOnce { get; init; } = Math.Max(2, Environment.ProcessorCount / 2);

    /// <summary>Queries that wait for their turn, of all callers together.</summary>
    public int Waiting { get; init; } = 256;

    /// <summary>Queries of one caller that wait for their turn.</summary>
    public int WaitingPerCaller { get; init; } = 32;

    /// <summary>How long a query may run, and how long it may wait for its turn.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
