using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Nodes;

/// <summary>Status of a cluster at one moment, as seen by one of its nodes. A single node is reported as a cluster of one.</summary>
public sealed record ClusterReport
{
    /// <summary>The name of the cluster; null for a single node.</summary>
    public string? Name { get; init; }

    /// <summary>The node that answered.</summary>
    public required string Self { get; init; }

    /// <summary>The oldest node; null if no node is up.</summary>
    public string? Oldest { get; init; }

    /// <summary>All members, by address.</summary>
    public required IReadOnlyList<MemberReport> Members { get; init; }

    /// <summary>The singletons and their nodes; empty for a single node.</summary>
    public IReadOnlyList<SingletonPlace> Singletons { get; init; } = [];

    /// <summary>Status of the shards; for a single node, of its partitions.</summary>
    public required ShardReport Shards { get; init; }

    /// <summary>Maximum number of shards.</summary>
    public int ShardCount { get; init; }

    /// <summary>Events of members and shards, oldest first, as seen by the node that answered.</summary>
    public IReadOnlyList<HistoryEvent> Events { get; init; } = [];

    /// <summary>The number of the last event so far; 0 if there is none.</summary>
    public long LastEvent { get; init; }
}

/// <summary>
/// A member of a cluster. <paramref name="Membership"/>: joining, up, leaving, exiting, down. <paramref name="Status"/>: null if the member
/// did not answer.
/// </summary>
public sealed record MemberReport(string Node, IReadOnlyList<string> Roles, string Membership, bool IsReachable, NodeStatus? Status);

/// <summary>A singleton and the node that hosts it; null if no node can host it.</summary>
public sealed record SingletonPlace(string Name, string? Node);

/// <summary>Kinds of events of a member or a shard.</summary>
public enum HistoryEventKind
{
    /// <summary>A node asks to join the cluster.</summary>
    Joining,

    /// <summary>A node has joined the cluster.</summary>
    Up,

    /// <summary>A node hands over its shards and leaves.</summary>
    Leaving,

    /// <summary>A node has handed over its shards.</summary>
    Exiting,

    /// <summary>A node was downed by the cluster.</summary>
    Down,

    /// <summary>A node is no longer in the cluster.</summary>
    Removed,

    /// <summary>Other nodes cannot reach the node.</summary>
    Unreachable,

    /// <summary>Other nodes can reach the node again.</summary>
    Reachable,

    /// <summary>Another node hosts the shard.</summary>
    ShardMoved,
}

/// <summary>
/// An event of a member or a shard. <paramref name="Number"/>: from 1, since the start of the reporting node. <paramref name="Node"/>: the
/// member, or the shard's new owner. <paramref name="Shard"/> and <paramref name="From"/>: the shard and its previous owner; null for a
/// member.
/// </summary>
public sealed record HistoryEvent(long Number, Timestamp Time, HistoryEventKind Kind, string Node, int? Shard, string? From);
