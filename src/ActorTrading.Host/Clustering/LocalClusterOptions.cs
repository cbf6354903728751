namespace ActorTrading.Host.Clustering;

/// <summary>A cluster on one machine.</summary>
/// <param name="Data">The folder of everything; each node has one within.</param>
/// <param name="Nodes">How many nodes it begins with.</param>
/// <param name="Postgres">The journal of all, where it is not a file in the folder. May hold a password: never shown.</param>
/// <param name="Plan">The file of the plan; null for the default plan.</param>
/// <param name="FirstPort">Ports are looked for from here on; null: from those of a single node on.</param>
/// <param name="Settings">The file of settings of all nodes; null for none. What is above goes before it, and so does
/// where nodes listen.</param>
/// <param name="IsEncrypted">Whether those say that clients come by TLS.</param>
internal sealed record LocalClusterOptions(
    string Data, int Nodes, string? Postgres, string? Plan, int? FirstPort = null, string? Settings = null, bool IsEncrypted = false)
{
    /// <summary>The executable that runs the nodes.</summary>
    public NodeProgram Program { get; init; } = NodeProgram.Own();
}
