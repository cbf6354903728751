using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>How somebody who looks on joins a cluster.</summary>
public sealed record SubscriberOptions
{
    /// <summary>Nodes of the cluster, as HOST:PORT; one at least.</summary>
    public required IReadOnlyList<string> Seeds { get; init; }

    /// <summary>The name of the cluster.</summary>
    public string Name { get; init; } = "trading";

    /// <summary>The IP address or DNS name at which nodes reach this process. Default: loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <inheritdoc cref="ClusterOptions.Bind"/>
    public string? Bind { get; init; }

    /// <inheritdoc cref="ClusterOptions.AllowUnencrypted"/>
    public bool AllowUnencrypted { get; init; }

    /// <summary>Its port; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>The certificates, where the nodes have some.</summary>
    public NodeTls? Tls { get; init; }

    /// <summary>How long to wait for the cluster to let it in.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages of a topic that wait to be read, at most: beyond it the oldest is dropped.</summary>
    public int Buffer { get; init; } = 8_192;

    /// <summary>Settings of Akka.NET, in HOCON, that go before ours.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>Where Akka.NET logs to, from warnings up; null for nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>What is the same as for a node, checked as for a node.</summary>
    /// <exception cref="ArgumentException">Something is wrong; the message names the key.</exception>
    internal void Validate()
    {
        AsNode.Validate();
        if (Seeds.Count == 0) throw new ArgumentException("Seeds has at least one node.", nameof(Seeds));
    }

    /// <inheritdoc cref="ClusterOptions.ListenAddress"/>
    internal System.Net.IPAddress ListenAddress => AsNode.ListenAddress;

    private ClusterOptions AsNode => new()
    {
        Journal = "none", Name = Name, Host = Host, Bind = Bind, AllowUnencrypted = AllowUnencrypted, Port = Port, Seeds = Seeds, Tls = Tls, StartPatience = StartPatience,
        LiveBuffer = Buffer, Hocon = Hocon,
    };
}
