using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>A pending connection: the client is not identified yet.</summary>
internal interface IPendingConnection
{
    /// <summary>The client's address; null if unknown.</summary>
    IPAddress? Address { get; }

    /// <summary>Whether the connection waits for the client, and has no unprocessed input. Thread-safe, takes no lock.</summary>
    bool IsSilent { get; }

    /// <summary>Closes the connection to make room for others.</summary>
    void Evict();
}

/// <summary>
/// The pending connections of a port. Their number is bounded in total and per address, so that they cannot take the slots of identified
/// clients. Beyond a bound, the oldest silent one is closed. Connections with input being processed may exceed the bound for that moment.
/// Thread-safe.
/// </summary>
internal sealed class PendingPool(int most, int mostOfAnAddress)
{
    private const int NetworkBytes = 8; // of an IPv6 address: one site has all addresses with the same first 64 bits

    private readonly Lock gate = new();
    private readonly LinkedList<IPendingConnection> inOrder = [];
    private readonly Dictionary<IPendingConnection, LinkedListNode<IPendingConnection>> places = [];
    private readonly Dictionary<IPAddress, int> counts = [];
    private long evicted;

    /// <summary>Number of pending connections.</summary>
    public int Count
    {
        get
        {
            lock (gate) return inOrder.Count;
        }
    }

    /// <summary>Number of connections closed to make room for others, since the start.</summary>
    public long Evicted => Interlocked.Read(ref evicted);

    /// <summary>Adds a connection. Closes others if there are too many.</summary>
    public void Enter(IPendingConnection connection)
    {
        var network = NetworkOf(connection.Address);
        var victims = new List<IPendingConnection>();
        lock (gate)
        {
            places.Add(connection, inOrder.AddLast(connection));
            var count = counts[network] = counts.GetValueOrDefault(network) + 1;
            while (count-- > mostOfAnAddress && OldestSilent(network, connection) is { } victim) victims.Add(victim);
            while (inOrder.Count > most && OldestSilent(null, connection) is { } victim) victims.Add(victim);
        }

        Interlocked.Add(ref evicted, victims.Count);
        foreach (var victim in victims) victim.Evict();
    }

    /// <summary>Removes a connection: its client is identified, or it has ended.</summary>
    public void Leave(IPendingConnection connection)
    {
        lock (gate) Remove(connection);
    }

    /// <summary>The network of an address: addresses of one network count as one.</summary>
    internal static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private IPendingConnection? OldestSilent(IPAddress? network, IPendingConnection newest)
    {
        foreach (var one in inOrder)
        {
            if (ReferenceEquals(one, newest) || (network is not null && !NetworkOf(one.Address).Equals(network)) || !one.IsSilent) continue;
            Remove(one);
            return one;
        }

        return null;
    }

    private void Remove(IPendingConnection connection)
    {
        if (!places.Remove(connection, out var place)) return;
        inOrder.Remove(place);
        var network = NetworkOf(connection.Address);
        if (--counts[network] == 0) counts.Remove(network);
    }
}
