namespace ActorTrading.Cluster;

/// <summary>
/// How a node finds its cluster in Kubernetes: it lists pods by their labels, and asks those for members at a port of their own. Where
/// there are none yet, the pod with the lowest address begins the cluster. Described in docs/deploying.md.
/// </summary>
public sealed record KubernetesDiscovery
{
    /// <summary>The port of Akka.Management where nothing else is said.</summary>
    public const int DefaultPort = 8558;

    /// <summary>The label selector of the pods that may begin the cluster, as Kubernetes spells it. The same on all nodes.</summary>
    public required string Selector { get; init; }

    /// <summary>The namespace of those pods; null: that of the pod itself.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name that the port has in the containers of those pods; others are passed over.</summary>
    public string PortName { get; init; } = "management";

    /// <summary>The port at which this node answers the others; as its container declares it.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Pods that must answer before a new cluster is begun: more than half of those that there are at first.</summary>
    public int Contacts { get; init; } = 2;
}
