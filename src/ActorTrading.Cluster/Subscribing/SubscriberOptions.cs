using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>How a subscriber reaches a cluster.</summary>
public sealed record SubscriberOptions
{
    /// <summary>Nodes of the cluster, as HOST:PORT of their port for nodes; one at least. The others are heard of from them.</summary>
    public required IReadOnlyList<string> Seeds { get; init; }

    /// <summary>The name of the cluster.</summary>
    public string Name { get; init; } = "trading";

    /// <summary>
    /// The certificates, where the nodes have some. <see cref="NodeTls.Name"/> is the name of nodes; the certificate itself has the
    /// nodes' <see cref="NodeTls.SubscriberName"/>.
    /// </summary>
    public NodeTls? Tls { get; init; }

    /// <summary>How long to wait at the start until a node serves it.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages of a topic that wait to be read, at most: beyond it the oldest is dropped.</summary>
    public int Buffer { get; init; } = 8_192;

    /// <summary>Where it logs why it is not connected; null for nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>What is the same as for a node, checked as for a node.</summary>
    /// <exception cref="ArgumentException">Something is wrong; the message names the key.</exception>
    internal void Validate()
    {
        var node = new ClusterOptions
        {
            Journal = "none", Name = Name, Seeds = Seeds, Tls = Tls, StartPatience = StartPatience, LiveBuffer = Buffer,
        };
        node.Validate();
        if (Seeds.Count == 0) throw new ArgumentException("Seeds has at least one node.", nameof(Seeds));
    }
}
