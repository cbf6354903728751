using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// The roles that the certificates of associated nodes allow, by address and incarnation of the node (its uid). What several
/// certificates allow for one incarnation is what all of them allow. Bounded: the oldest entry goes first. Safe for any number of
/// threads.
/// </summary>
internal sealed class PeerRoles
{
    private const int Most = 10_000;

    private readonly Lock sync = new();
    private readonly Dictionary<NodeName, IReadOnlyCollection<string>> allowed = [];
    private readonly Queue<NodeName> byAge = new();

    /// <summary>Keeps the roles of a peer under the name that the first frame of its connection has.</summary>
    /// <param name="frame">The frame: the handshake of Akka.Remote's protocol.</param>
    /// <param name="shown">What the peer's certificate says; null: no role.</param>
    /// <returns>Whether the frame is such a handshake.</returns>
    public bool TryLearn(ByteString frame, PeerIdentity? shown)
    {
        if (!NodeFrames.TryReadAssociate(frame.Span, out var node)) return false;
        var roles = shown?.Roles ?? [];
        lock (sync)
        {
            if (allowed.TryGetValue(node, out var before))
            {
                allowed[node] = [.. before.Intersect(roles)];
                return true;
            }

            if (allowed.Count >= Most) allowed.Remove(byAge.Dequeue());
            allowed.Add(node, roles);
            byAge.Enqueue(node);
            return true;
        }
    }

    /// <summary>Why a node may not join; null if it may.</summary>
    /// <param name="join">The bytes of its wish to join.</param>
    public string? FaultOf(ReadOnlySpan<byte> join)
    {
        if (!NodeFrames.TryReadJoin(join, out var node, out var roles)) return "it cannot be read";
        lock (sync)
        {
            if (!allowed.TryGetValue(node, out var may)) return $"no certificate was shown for {node}";
            var more = roles.Where(role => !may.Contains(role)).ToList();
            return more.Count > 0 ? $"the certificate of {node} does not name the role {string.Join(", ", more)}" : null;
        }
    }
}

/// <summary>An incarnation of a node.</summary>
internal readonly record struct NodeName(string System, string Host, long Port, uint Uid)
{
    public override string ToString() => $"{Host}:{Port}";
}
