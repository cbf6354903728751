using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>Options of a subscriber's connection to a cluster.</summary>
public sealed record SubscriberOptions
{
    /// <summary>
    /// Nodes of the cluster, at least one, as HOST:PORT of their cluster port. The subscriber learns the other nodes from them.
    /// </summary>
    public required IReadOnlyList<string> Seeds { get; init; }

    /// <summary>The name of the cluster.</summary>
    public string Name { get; init; } = "trading";

    /// <summary>
    /// Certificates, if the nodes use TLS. <see cref="NodeTls.Name"/> is the DNS name of nodes. The certificate must have the nodes'
    /// <see cref="NodeTls.SubscriberName"/>.
    /// </summary>
    public NodeTls? Tls { get; init; }

    /// <summary>How long to wait at the start until a node accepts the subscriber.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Largest number of unread messages of a topic. Beyond it the oldest is dropped.</summary>
    public int Buffer { get; init; } = 8_192;

    /// <summary>Loggers for connection errors; null: no logging.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>Validates the options that a node has, too, by the rules for a node.</summary>
    /// <exception cref="ArgumentException">An option is invalid; the message names it.</exception>
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
