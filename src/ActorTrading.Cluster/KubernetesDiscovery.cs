namespace ActorTrading.Cluster;

/// <summary>
/// Cluster discovery in Kubernetes. A node lists pods by their labels and asks them for cluster members at their management port. If
/// there is no cluster yet, the pod with the lowest address forms it. Described in docs/deploying.md.
/// </summary>
public sealed record KubernetesDiscovery
{
    /// <summary>Default port of Akka.Management.</summary>
    public const int DefaultPort = 8558;

    /// <summary>Label selector of the pods that may form the cluster, in the syntax of Kubernetes. The same on all nodes.</summary>
    public required string Selector { get; init; }

    /// <summary>Namespace of the pods; null: the namespace of this pod.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of the port in the containers of the pods. Pods without it are ignored.</summary>
    public string PortName { get; init; } = "management";

    /// <summary>Port at which this node answers the others. Must be the port that its container declares.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Number of pods that must answer before a new cluster is formed. Must be more than half of the initial pods.</summary>
    public int Contacts { get; init; } = 2;
}
