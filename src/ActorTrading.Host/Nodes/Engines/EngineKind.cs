namespace ActorTrading.Host.Nodes.Engines;

/// <summary>The engine that hosts the symbols of a node.</summary>
internal enum EngineKind
{
    /// <summary>Akka.NET: one node, or several nodes that share the symbols.</summary>
    Cluster,

    /// <summary>Threads of a single process.</summary>
    Embedded,
}
