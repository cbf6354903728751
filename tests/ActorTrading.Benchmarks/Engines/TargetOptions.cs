namespace ActorTrading.Benchmarks.Engines;

/// <summary>Where targets keep their journals: in SQLite files, or on a PostgreSQL server in a database for each.</summary>
internal sealed record TargetOptions
{
    /// <summary>Nodes of a cluster, all in this process; the first of them takes the load.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The folder of the files; null for a temporary one.</summary>
    public string? Folder { get; init; }

    public string? Postgres { get; init; }

    /// <summary>Settings of Akka.NET that go before those of the cluster engine.</summary>
    public string Hocon { get; init; } = "";
}
