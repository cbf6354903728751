namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// Inbound connections that have not sent their first message, in the order of their arrival: bounded, by address and in all. One too
/// many ends the oldest, so that silent connections do not keep out a peer that speaks at once. Safe for any number of threads.
/// </summary>
internal sealed class PendingConnections(int mostOfAddress = PendingConnections.MostOfAddress, int most = PendingConnections.Most)
{
    /// <summary>Of one address, at most.</summary>
    public const int MostOfAddress = 64;

    /// <summary>In all, at most.</summary>
    public const int Most = 1_024;

    private readonly Lock sync = new();
    private readonly Dictionary<string, LinkedListNode<InboundConnection>> byPeer = [];
    private readonly Dictionary<string, int> ofAddress = [];
    private readonly LinkedList<InboundConnection> byArrival = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (sync) return byArrival.Count;
        }
    }

    /// <summary>Adds one.</summary>
    /// <returns>The one to end for it; null for none. The same one where another with its endpoint is there, so that no certificate is
    /// taken for another's.</returns>
    public InboundConnection? Add(InboundConnection connection)
    {
        lock (sync)
        {
            if (byPeer.ContainsKey(connection.Peer)) return connection;
            var excess = default(InboundConnection);
            if (ofAddress.GetValueOrDefault(connection.Host) >= mostOfAddress)
                excess = byArrival.First(other => other.Host == connection.Host);
            else if (byArrival.Count >= most) excess = byArrival.First!.Value;
            if (excess is not null) Remove(excess);
            byPeer.Add(connection.Peer, byArrival.AddLast(connection));
            ofAddress[connection.Host] = ofAddress.GetValueOrDefault(connection.Host) + 1;
            return excess;
        }
    }

    /// <summary>Keeps what the certificate of a peer says; false if no connection of that endpoint is pending.</summary>
    public bool Identify(string peer, PeerIdentity identity)
    {
        lock (sync)
        {
            if (!byPeer.TryGetValue(peer, out var node)) return false;
            node.Value.Identity = identity;
            return true;
        }
    }

    /// <summary>Takes one out, if it is there.</summary>
    public void Remove(InboundConnection connection)
    {
        lock (sync)
        {
            if (!byPeer.TryGetValue(connection.Peer, out var node) || node.Value != connection) return;
            byPeer.Remove(connection.Peer);
            byArrival.Remove(node);
            if (--ofAddress[connection.Host] == 0) ofAddress.Remove(connection.Host);
        }
    }
}
