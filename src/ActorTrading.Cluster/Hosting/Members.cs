using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>The nodes of the cluster as this node currently sees them. Subscribers are not included.</summary>
internal sealed class Members(ActorSystem system)
{
    private readonly AkkaCluster cluster = AkkaCluster.Get(system);

    /// <summary>All nodes that can answer queries, including this one: members that are up, leaving or exiting.</summary>
    public IEnumerable<Member> All => cluster.State.Members
        .Where(member => !member.HasRole(NodeRole.Subscriber)
            && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting);

    /// <summary>Reachable nodes that may host symbols. An exiting node has handed its symbols over and does not answer.</summary>
    public IEnumerable<Member> Hosts =>
        All.Where(member => member.HasRole(NodeRole.Symbols) && member.Status != MemberStatus.Exiting && IsReached(member));

    /// <summary>The other nodes that are not exiting.</summary>
    public IEnumerable<Member> Others => All.Where(member => member.Status != MemberStatus.Exiting && !IsSelf(member));

    /// <summary>The other nodes that are up and reachable.</summary>
    public IEnumerable<Member> Staying => Others.Where(member => member.Status == MemberStatus.Up && IsReached(member));

    /// <summary>The other nodes that are up and have a role.</summary>
    public IEnumerable<Member> With(string role) => Others.Where(member => member.Status == MemberStatus.Up && member.HasRole(role));

    /// <summary>
    /// Whether this node is the oldest with a role. The oldest node hosts the singletons of that role, after the previous oldest has
    /// handed them over.
    /// </summary>
    public bool IsOldest(string role) => cluster.State.Members
        .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && member.HasRole(role))
        .Order(Member.AgeOrdering).FirstOrDefault() is { } oldest && IsSelf(oldest);

    private bool IsSelf(Member member) => member.Address == cluster.SelfAddress;

    private bool IsReached(Member member) => !cluster.State.Unreachable.Contains(member);
}
