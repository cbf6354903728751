namespace ActorTrading.Host.Nodes.Engines;

/// <summary>How a node discovers its cluster.</summary>
internal enum DiscoveryKind
{
    /// <summary>By the pods in Kubernetes.</summary>
    Kubernetes,
}
