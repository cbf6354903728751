using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Engine.Ingest;

/// <summary>A connection that has not shown who is at its other end.</summary>
internal interface IPendingConnection
{
    /// <summary>The other end; null where it is not known.</summary>
    IPAddress? Address { get; }

    /// <summary>
    /// Whether the other end is waited for, and nothing of it waits to be dealt with. Asked on any thread; takes no
    /// lock.
    /// </summary>
    bool IsSilent { get; }

    /// <summary>Ends the connection, so that others have room.</summary>
    void Evict();
}

/// <summary>
/// The connections of a port that have not shown who is at the other end: bounded in number, in all and for each
/// address, so that they cannot take the slots of others. Beyond a bound the oldest silent one is ended; those whose
/// bytes are being dealt with may be more for that moment. Safe for any number of threads.
/// </summary>
internal sealed class PendingPool(int most, int mostOfAnAddress)
{
    private const int NetworkBytes = 8; // of an IPv6 address: whoever has one has all with the same

    private readonly Lock gate = new();
    private readonly LinkedList<IPendingConnection> inOrder = [];
    private readonly Dictionary<IPendingConnection, LinkedListNode<IPendingConnection>> places = [];
    private readonly Dictionary<IPAddress, int> counts = [];
    private long evicted;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (gate) return inOrder.Count;
        }
    }

    /// <summary>How many were ended for others, since the start.</summary>
    public long Evicted => Interlocked.Read(ref evicted);

    /// <summary>One has come. Ends others where there are too many.</summary>
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

    /// <summary>It has shown who it is, or has gone.</summary>
    public void Leave(IPendingConnection connection)
    {
        lock (gate) Remove(connection);
    }

    /// <summary>The addresses that count as one.</summary>
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
