using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// The roles that certificates allow, by address and incarnation (uid) of a node. If several certificates were used for one
/// incarnation, only the roles that all of them allow. Bounded: the oldest entry is removed first. Thread-safe.
/// </summary>
internal sealed class PeerRoles
{
    private const int Most = 10_000;

    private readonly Lock sync = new();
    private readonly Dictionary<NodeName, IReadOnlyCollection<string>> allowed = [];
    private readonly Queue<NodeName> byAge = new();

    /// <summary>Stores the roles of a peer under the node name in the first frame of its connection.</summary>
    /// <param name="frame">The handshake frame of Akka.Remote's protocol.</param>
    /// <param name="shown">Identity in the peer's certificate; null: no role.</param>
    /// <returns>Whether the frame is a valid handshake.</returns>
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
    /// <param name="join">Bytes of its join request.</param>
    public string? FaultOf(ReadOnlySpan<byte> join)
    {
        if (!NodeFrames.TryReadJoin(join, out var node, out var roles)) return "it cannot be read";
        lock (sync)
        {
            if (!allowed.TryGetValue(node, out var may)) return $"{node} presented no certificate";
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
