using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Terminates a node that the other members have downed because it was frozen or unreachable for too long. They quarantine it, i.e.
/// refuse its connections, and the node learns that as soon as it reaches them again. Its own split-brain resolver would wait first,
/// and until then the node would accept records in vain. Also terminates a removed node that keeps running.
/// </summary>
internal sealed class QuarantineWatch : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly AkkaCluster cluster = AkkaCluster.Get(Context.System);
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly HashSet<Address> refusers = [];

    public QuarantineWatch()
    {
        Receive<ThisActorSystemQuarantinedEvent>(refused =>
        {
            refusers.Add(refused.RemoteAddress);
            if (!Timers.IsTimerActive(nameof(Poll)))
                Timers.StartPeriodicTimer(nameof(Poll), Poll.Instance, TimeSpan.Zero, PollInterval);
        });
        Receive<Poll>(_ => EndIfLeftBehind());
        Receive<ClusterEvent.MemberRemoved>(
            gone => Timers.StartSingleTimer(nameof(IsStillHere), IsStillHere.Instance, Timeout),
            gone => gone.Member.UniqueAddress == cluster.SelfUniqueAddress);
        Receive<ClusterEvent.MemberRemoved>(_ => { });
        // Akka.NET sometimes misses its own removal.
        Receive<IsStillHere>(
            _ => End("it was removed from its cluster"), _ => CoordinatedShutdown.Get(Context.System).ShutdownReason is null);
        Receive<IsStillHere>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props { get; } = Props.Create(() => new QuarantineWatch());

    /// <summary>
    /// Whether the reached members win by the rule of keep-majority: more than half, or half including the lowest address.
    /// </summary>
    internal static bool HaveMajority(IReadOnlyCollection<Address> all, IReadOnlySet<Address> reached)
    {
        var here = all.Count(reached.Contains);
        return 2 * here > all.Count || (2 * here == all.Count && (all.Count == 0 || reached.Contains(all.Min(Member.AddressOrdering)!)));
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        cluster.Unsubscribe(Self);
    }

    /// <summary>
    /// Ends the node if it reaches only a minority. A member that goes down on the other side of a partition quarantines the
    /// majority, too; therefore a node that still reaches a majority ignores the refusal.
    /// </summary>
    private void EndIfLeftBehind()
    {
        var state = cluster.State;
        refusers.IntersectWith(state.Members.Select(member => member.Address));
        if (refusers.Count == 0)
        {
            Timers.Cancel(nameof(Poll));
            return;
        }

        var hosts = state.Members
            .Where(member => member.HasRole(NodeRole.Symbols) && member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp))
            .Select(member => member.Address).ToHashSet();
        var reached = hosts.Except(state.Unreachable.Select(member => member.Address)).ToHashSet();
        if (!HaveMajority(hosts, reached))
            End($"the other nodes continue without it, as reported by {ClusterNodeBuilder.AddressOf(refusers.First())}");
    }

    private void End(string why)
    {
        log.Error("This node stops: {0}.", why);
        Context.Stop(Self); // end only once
        Context.System.Terminate();
    }

    private sealed class Poll
    {
        public static readonly Poll Instance = new();
    }

    private sealed class IsStillHere
    {
        public static readonly IsStillHere Instance = new();
    }
}
