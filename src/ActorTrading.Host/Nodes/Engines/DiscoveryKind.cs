namespace ActorTrading.Host.Nodes.Engines;

/// <summary>Where a node looks for its cluster.</summary>
internal enum DiscoveryKind
{
    /// <summary>Among the pods of Kubernetes.</summary>
    Kubernetes,
}
