namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// Inbound connections that have not sent their first message, in the order of their arrival. Bounded per address and in total.
/// Beyond a bound the oldest is closed, so that silent connections do not block peers that send at once. Thread-safe.
/// </summary>
internal sealed class PendingConnections(int mostOfAddress = PendingConnections.MostOfAddress, int most = PendingConnections.Most)
{
    /// <summary>Largest number per address.</summary>
    public const int MostOfAddress = 64;

    /// <summary>Largest number in total.</summary>
    public const int Most = 1_024;

    private readonly Lock sync = new();
    private readonly Dictionary<string, LinkedListNode<InboundConnection>> byPeer = [];
    private readonly Dictionary<string, int> ofAddress = [];
    private readonly LinkedList<InboundConnection> byArrival = [];

    /// <summary>Number of pending connections.</summary>
    public int Count
    {
        get
        {
            lock (sync) return byArrival.Count;
        }
    }

    /// <summary>Adds a connection.</summary>
    /// <returns>The connection to close; null: none. It is <paramref name="connection"/> itself if another pending connection has the
    /// same endpoint, so that their certificates cannot be confused.</returns>
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

    /// <summary>Stores the identity in a peer's certificate; false if no connection of that endpoint is pending.</summary>
    public bool Identify(string peer, PeerIdentity identity)
    {
        lock (sync)
        {
            if (!byPeer.TryGetValue(peer, out var node)) return false;
            node.Value.Identity = identity;
            return true;
        }
    }

    /// <summary>Removes a connection, if it is pending.</summary>
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
