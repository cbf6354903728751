namespace ActorTrading.Host.Nodes.Engines;

/// <summary>What hosts the symbols of a node.</summary>
internal enum EngineKind
{
    /// <summary>The node alone, within its process.</summary>
    Embedded,

    /// <summary>The nodes of a cluster together.</summary>
    Cluster,
}
