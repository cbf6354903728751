using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>
/// Ends a node that cannot write to the journal any more though that answers: the disk is full, or somebody holds the file. The
/// others go on with its symbols.
/// </summary>
internal sealed class JournalWatch : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter log = Context.GetLogger();
    private bool isAsking;

    public JournalWatch(WriteHealth writes, IJournalStore store)
    {
        Receive<LookAround>(_ =>
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
            log.Error("This node ends: nothing could be written to the journal, though it answers.");
            Context.Stop(Self);
            var cluster = AkkaCluster.Get(Context.System);
            cluster.Down(cluster.SelfAddress); // the others need not miss it first
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(WriteHealth writes, IJournalStore store) => Props.Create(() => new JournalWatch(writes, store));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(LookAround), LookAround.Instance, Look);

    private sealed record Asked(bool Answers);

    private sealed class LookAround
    {
        public static readonly LookAround Instance = new();
    }
}
