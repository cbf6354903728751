namespace ActorTrading.Host.Clustering;

/// <summary>Options of a cluster on one machine.</summary>
/// <param name="Data">The folder of the cluster; it contains a folder for each node.</param>
/// <param name="Nodes">Number of nodes at the start.</param>
/// <param name="Postgres">The address of the shared journal; null for a file in the folder. May contain a password: never shown.</param>
/// <param name="Plan">The file of the plan; null for the default plan.</param>
/// <param name="FirstPort">The first port to search from; null: the default port of a single node.</param>
/// <param name="Settings">The settings file of all nodes; null for none. The options above, and the listen addresses, override it.</param>
/// <param name="IsEncrypted">Whether the settings file enables TLS for clients.</param>
internal sealed record LocalClusterOptions(
    string Data, int Nodes, string? Postgres, string? Plan, int? FirstPort = null, string? Settings = null, bool IsEncrypted = false)
{
    /// <summary>The executable of the nodes.</summary>
    public NodeProgram Program { get; init; } = NodeProgram.Own();
}
