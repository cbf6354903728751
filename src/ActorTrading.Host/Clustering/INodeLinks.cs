namespace ActorTrading.Host.Clustering;

/// <summary>What stands between the nodes of a local cluster, where something does.</summary>
internal interface INodeLinks
{
    /// <summary>A node with that number will listen for the others at a port of loopback; called at each start of it.</summary>
    NodeLink Open(int number, int port);
}

/// <summary>The address by which other nodes reach a node, and a file with the settings of Akka.NET that make it say so.</summary>
internal sealed record NodeLink(string Address, string Hocon);
