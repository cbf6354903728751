namespace ActorTrading.Benchmarks.Engines;

/// <summary>The journals of the targets: SQLite files, or a database for each on a PostgreSQL server.</summary>
internal sealed record TargetOptions
{
    /// <summary>Number of cluster nodes, all in this process; the first one receives the load.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The folder of the files; null for a temporary one.</summary>
    public string? Folder { get; init; }

    public string? Postgres { get; init; }

    /// <summary>Akka.NET settings with precedence over those of the cluster engine.</summary>
    public string Hocon { get; init; } = "";
}
