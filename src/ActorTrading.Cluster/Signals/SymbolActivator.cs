using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Activates every symbol of the journal, at a limited rate, when the cluster starts and when a node is removed. A crash may have
/// kept signals from the log, and a symbol fires them again when it recovers. Singleton on the node of the administrator.
/// </summary>
internal sealed class SymbolActivator : ReceiveActor, IWithTimers
{
    private const int AtOnce = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly JournalReads reads;
    private readonly Queue<Symbol> asleep = new();
    private readonly ILoggingAdapter log = Context.GetLogger();

    public SymbolActivator(JournalReads reads, Func<IActorRef?> region)
    {
        this.reads = reads;
        Receive<ClusterEvent.MemberRemoved>(_ => FindNow());
        Receive<FindSymbols>(_ => FindNow());
        Receive<IReadOnlyList<Symbol>>(found =>
        {
            asleep.Clear();
            foreach (var symbol in found) asleep.Enqueue(symbol);
            WakeSome();
        });
        Receive<Status.Failure>(failed =>
        {
            log.Warning(failed.Cause, "The list of symbols cannot be read from the journal; retrying");
            Timers.StartSingleTimer(nameof(FindSymbols), FindSymbols.Instance, RetryDelay);
        });
        Receive<WakeMore>(_ => WakeSome());
        Receive<StopSingleton>(_ => Context.Stop(Self));

        void WakeSome()
        {
            var symbols = region(); // if null, it is available a moment later
            for (var i = 0; i < AtOnce && symbols is not null && asleep.TryDequeue(out var symbol); i++)
                symbols.Tell(new WakeSymbol(symbol));
            if (asleep.Count > 0) Timers.StartSingleTimer(nameof(WakeMore), WakeMore.Instance, Pause);
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(JournalReads reads, Func<IActorRef?> region) => Props.Create(() => new SymbolActivator(reads, region));

    protected override void PreStart()
    {
        AkkaCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        FindNow();
    }

    protected override void PostStop() => AkkaCluster.Get(Context.System).Unsubscribe(Self);

    private void FindNow() => reads.Run<IReadOnlyList<Symbol>>(
        static store => [.. store.Heads().Select(head => PersistenceIds.SymbolOf(head.PersistenceId)).OfType<Symbol>()], Self);

    private sealed class FindSymbols
    {
        public static readonly FindSymbols Instance = new();
    }

    private sealed class WakeMore
    {
        public static readonly WakeMore Instance = new();
    }
}
