using ActorTrading.Cluster.Hosting;
using ActorTrading.Engine.Nodes;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Overview;

/// <summary>Adds member events to this node's history. Events before its start are not included.</summary>
internal sealed class MemberWatch : ReceiveActor
{
    private readonly ClusterHistory history;

    public MemberWatch(ClusterHistory history)
    {
        this.history = history;
        Receive<ClusterEvent.CurrentClusterState>(_ => { });
        Receive<ClusterEvent.MemberJoined>(one => Add(HistoryEventKind.Joining, one.Member));
        Receive<ClusterEvent.MemberUp>(one => Add(HistoryEventKind.Up, one.Member));
        Receive<ClusterEvent.MemberLeft>(one => Add(HistoryEventKind.Leaving, one.Member));
        Receive<ClusterEvent.MemberExited>(one => Add(HistoryEventKind.Exiting, one.Member));
        Receive<ClusterEvent.MemberDowned>(one => Add(HistoryEventKind.Down, one.Member));
        Receive<ClusterEvent.MemberRemoved>(one => Add(HistoryEventKind.Removed, one.Member));
        Receive<ClusterEvent.UnreachableMember>(one => Add(HistoryEventKind.Unreachable, one.Member));
        Receive<ClusterEvent.ReachableMember>(one => Add(HistoryEventKind.Reachable, one.Member));
        ReceiveAny(_ => { });
    }

    public static Props For(ClusterHistory history) => Props.Create(() => new MemberWatch(history));

    protected override void PreStart() => AkkaCluster.Get(Context.System).Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
        typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => AkkaCluster.Get(Context.System).Unsubscribe(Self);

    private void Add(HistoryEventKind kind, Member member) => history.Add(kind, ClusterNodeBuilder.AddressOf(member.Address));
}
