using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>The nodes of the cluster, as this one sees them at present; who only looks on is none of them.</summary>
internal sealed class Members(ActorSystem system)
{
    private readonly AkkaCluster cluster = AkkaCluster.Get(system);

    /// <summary>All that may have something to tell, this one included: those that have come in and not gone yet.</summary>
    public IEnumerable<Member> All => cluster.State.Members
        .Where(member => !member.HasRole(NodeRole.Subscriber)
            && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting);

    /// <summary>Those that may host symbols and can be reached. One that exits has handed them over, and answers nobody.</summary>
    public IEnumerable<Member> Hosts =>
        All.Where(member => member.HasRole(NodeRole.Symbols) && member.Status != MemberStatus.Exiting && IsReached(member));

    /// <summary>The others that take part until they have left.</summary>
    public IEnumerable<Member> Others => All.Where(member => member.Status != MemberStatus.Exiting && !IsSelf(member));

    /// <summary>The others that stay and can be reached.</summary>
    public IEnumerable<Member> Staying => Others.Where(member => member.Status == MemberStatus.Up && IsReached(member));

    /// <summary>The others that are up and have a role.</summary>
    public IEnumerable<Member> With(string role) => Others.Where(member => member.Status == MemberStatus.Up && member.HasRole(role));

    /// <summary>
    /// Whether this node is the oldest with a role. It has the singletons of that role, unless the oldest before has not handed them
    /// over yet.
    /// </summary>
    public bool IsOldest(string role) => cluster.State.Members
        .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && member.HasRole(role))
        .Order(Member.AgeOrdering).FirstOrDefault() is { } oldest && IsSelf(oldest);

    private bool IsSelf(Member member) => member.Address == cluster.SelfAddress;

    private bool IsReached(Member member) => !cluster.State.Unreachable.Contains(member);
}
