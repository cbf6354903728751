namespace ActorTrading.Host.Clustering;

/// <summary>Optional links between the nodes of a local cluster.</summary>
internal interface INodeLinks
{
    /// <summary>Called at each start of a node, before it listens for other nodes on a loopback port.</summary>
    NodeLink Open(int number, int port);
}

/// <summary>
/// The address by which other nodes reach a node, and an Akka.NET configuration file that makes the node announce this address.
/// </summary>
internal sealed record NodeLink(string Address, string Hocon);
