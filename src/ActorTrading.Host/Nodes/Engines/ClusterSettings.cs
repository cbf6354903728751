namespace ActorTrading.Host.Nodes.Engines;

/// <summary>What a node is told of its cluster. Read in every build, so that one without the cluster engine can say what it lacks.</summary>
internal sealed record ClusterSettings
{
    /// <summary>The port for other nodes where nothing else is said.</summary>
    public const int DefaultPort = 4053;

    /// <summary>The name of the cluster; null for the engine's own.</summary>
    public string? Name { get; init; }

    /// <summary>The address at which other nodes reach this one.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port; 0 for any that is free.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>What the node does; null for everything.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Nodes to join, as HOST:PORT; none: this node begins a cluster of its own.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Parts into which symbols are divided; null for the engine's own number.</summary>
    public int? Shards { get; init; }

    /// <summary>A file of settings of Akka.NET that go before those in <c>hocon/</c>; null for none.</summary>
    public string? Hocon { get; init; }
}
