using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Downs this node if all its writes to the journal fail although the journal answers reads: e.g. the disk is full, or another
/// process locks the file. The other nodes take over its symbols.
/// </summary>
internal sealed class JournalWatch : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter log = Context.GetLogger();
    private bool isAsking;

    public JournalWatch(WriteHealth writes, IJournalStore store)
    {
        Receive<Poll>(_ =>
        {
            if (isAsking || !writes.IsFailing) return;
            isAsking = true;
            Task.Run(() => store.HighestSequenceNumber(PersistenceIds.Administrator))
                .PipeTo(Self, success: _ => new Asked(true), failure: _ => new Asked(false));
        });
        Receive<Asked>(asked =>
        {
            isAsking = false;
            if (!writes.IsLost(asked.Answers)) return;
            log.Error("This node stops: the journal answers, but accepts no writes.");
            Context.Stop(Self);
            var cluster = AkkaCluster.Get(Context.System);
            cluster.Down(cluster.SelfAddress); // so that the others need not detect the failure first
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(WriteHealth writes, IJournalStore store) => Props.Create(() => new JournalWatch(writes, store));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Poll), Poll.Instance, PollInterval);

    private sealed record Asked(bool Answers);

    private sealed class Poll
    {
        public static readonly Poll Instance = new();
    }
}
