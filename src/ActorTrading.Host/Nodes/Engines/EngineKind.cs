namespace ActorTrading.Host.Nodes.Engines;

/// <summary>What hosts the symbols of a node.</summary>
internal enum EngineKind
{
    /// <summary>Akka.NET: a node alone, or several that share the symbols.</summary>
    Cluster,

    /// <summary>Threads of one process.</summary>
    Embedded,
}
