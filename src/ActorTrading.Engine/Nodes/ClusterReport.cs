using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Nodes;

/// <summary>A cluster at one moment, as one of its nodes sees it; a node alone is a cluster of one.</summary>
public sealed record ClusterReport
{
    /// <summary>The name of the cluster; null for a node of none.</summary>
    public string? Name { get; init; }

    /// <summary>The node that was asked.</summary>
    public required string Self { get; init; }

    /// <summary>The oldest node; null while none is up.</summary>
    public string? Oldest { get; init; }

    /// <summary>All members, by address.</summary>
    public required IReadOnlyList<MemberReport> Members { get; init; }

    /// <summary>Where the singletons are; none for a node alone.</summary>
    public IReadOnlyList<SingletonPlace> Singletons { get; init; } = [];

    /// <summary>Where the shards are and how they do; of a node alone, its partitions.</summary>
    public required ShardReport Shards { get; init; }

    /// <summary>How many shards there can be.</summary>
    public int ShardCount { get; init; }

    /// <summary>What happened to members and shards, oldest first, as the node that was asked saw it.</summary>
    public IReadOnlyList<HistoryEvent> Events { get; init; } = [];

    /// <summary>The number of the last event so far; 0 before the first.</summary>
    public long LastEvent { get; init; }
}

/// <summary>
/// A member of a cluster. <paramref name="Membership"/>: joining, up, leaving, exiting, down.
/// <paramref name="Status"/>: null where it did not answer.
/// </summary>
public sealed record MemberReport(string Node, IReadOnlyList<string> Roles, string Membership, bool IsReachable, NodeStatus? Status);

/// <summary>A singleton, and the node that hosts it; null while no node can.</summary>
public sealed record SingletonPlace(string Name, string? Node);

/// <summary>What can happen to a member or a shard.</summary>
public enum HistoryEventKind
{
    /// <summary>A node asks to be let in.</summary>
    Joining,

    /// <summary>A node is in the cluster.</summary>
    Up,

    /// <summary>A node hands over and leaves.</summary>
    Leaving,

    /// <summary>A node has handed over.</summary>
    Exiting,

    /// <summary>A node was given up by the cluster.</summary>
    Down,

    /// <summary>A node is no longer in the cluster.</summary>
    Removed,

    /// <summary>A node does not answer the others.</summary>
    Unreachable,

    /// <summary>A node answers the others again.</summary>
    Reachable,

    /// <summary>A shard is hosted by another node than before.</summary>
    ShardMoved,
}

/// <summary>
/// Something that happened to a member or a shard. <paramref name="Number"/>: from 1, since the start of the node that
/// tells. <paramref name="Node"/>: the member, or the shard's new owner. <paramref name="Shard"/> and
/// <paramref name="From"/>: the shard and its owner before; null for a member.
/// </summary>
public sealed record HistoryEvent(long Number, Timestamp Time, HistoryEventKind Kind, string Node, int? Shard, string? From);
