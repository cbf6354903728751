using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using Akka.Actor;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Retention;

/// <summary>
/// Cluster singleton that deletes old events that snapshots cover, through the symbol actors, active or not: a few symbols at a time,
/// in small ranges. It finds deletable events asynchronously. A plan change holds the deletions, because it needs the first events.
/// Failed deletions are repeated in the next pass.
/// </summary>
internal sealed class RetentionActor : ReceiveActor, IWithTimers
{
    private const int AtOnce = 4;
    private const int EventsAtOnce = 500;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(1); // every node has read a new plan in less time
    private static readonly TimeSpan LongestDeletion = TimeSpan.FromSeconds(10); // for a deletion begun by a crashed node's singleton

    private readonly NodeContext host;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly Queue<DeletableEvents> due = new();
    private readonly List<IActorRef> holders = [];
    private int underWay;
    private int pass;
    private bool isHeld;
    private bool isSettling;
    private bool hasFailed;

    public RetentionActor(NodeContext host)
    {
        this.host = host;
        Receive<FindEvents>(_ => Check());
        Receive<Found>(found => Begin(found.Events), found => found.Pass == pass && !isHeld);
        Receive<Found>(_ => { }); // of a pass that a plan change has ended
        Receive<FindFailed>(failed =>
        {
            Fail(failed.Cause.Message);
            Schedule();
        });
        Receive<DeleteMore>(_ => DeleteSome());
        Receive<Answered>(Take);
        Receive<HoldDeletions>(_ => Hold());
        Receive<Resume>(_ =>
        {
            isHeld = false;
            Check();
        });
        Receive<Settled>(_ =>
        {
            isSettling = false;
            AnswerHolders();
        });
        Receive<StopSingleton>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        isSettling = AkkaCluster.Get(Context.System).State.Members.Count > 1;
        if (isSettling) Timers.StartSingleTimer(nameof(Settled), Settled.Instance, LongestDeletion);
        Schedule();
    }

    protected override void PostStop() => host.Retention.Whole();

    private void Schedule() => Timers.StartSingleTimer(nameof(FindEvents), FindEvents.Instance, host.Options.RetentionInterval);

    private void Check()
    {
        if (isHeld) return;
        var (number, before) = (++pass, host.Options.DeletesBefore);
        hasFailed = false;
        host.Reads.RunAsync(store => DeletableEvents.Find(store, host.PlanOf, before))
            .PipeTo(Self, success: events => new Found(number, events), failure: cause => new FindFailed(cause));
    }

    private void Begin(IReadOnlyList<DeletableEvents> events)
    {
        due.Clear();
        foreach (var one in events) due.Enqueue(one);
        Timers.StartPeriodicTimer(nameof(DeleteMore), DeleteMore.Instance, TimeSpan.Zero, Pace);
    }

    private void DeleteSome()
    {
        if (underWay >= AtOnce) return;
        if (due.TryDequeue(out var next))
        {
            underWay++;
            host.Region().Ask<DeletionDone>(new DeleteEvents(next.Symbol, Math.Min(next.Last, next.First + EventsAtOnce - 1)), Timeout)
                .PipeTo(Self, success: done => new Answered(next, done), failure: _ => new Answered(next, null));
        }
        else if (underWay == 0)
        {
            Timers.Cancel(nameof(DeleteMore));
            if (!hasFailed) host.Retention.Whole();
            Schedule();
        }
    }

    private void Take(Answered answered)
    {
        underWay--;
        if (isHeld) AnswerHolders();
        if (answered.Done is not { } done) return; // the symbol is in a hand-off; the next pass retries
        var (events, after) = (answered.Events, answered.Events.First + EventsAtOnce);
        if (done.Fault.Length > 0) Fail(done.Fault);
        else if (!isHeld && after <= events.Last) due.Enqueue(events with { First = after });
    }

    private void Fail(string why)
    {
        if (!hasFailed) log.Warning("Old events cannot be deleted: {0}", why);
        hasFailed = true;
        host.Retention.Failed(why);
    }

    private void Hold()
    {
        isHeld = true;
        due.Clear();
        Timers.Cancel(nameof(DeleteMore));
        Timers.Cancel(nameof(FindEvents));
        Timers.StartSingleTimer(nameof(Resume), Resume.Instance, HoldTime);
        holders.Add(Sender);
        AnswerHolders();
    }

    private void AnswerHolders()
    {
        if (underWay > 0 || isSettling) return;
        foreach (var holder in holders) holder.Tell(DeletionsHeld.Instance);
        holders.Clear();
    }

    private sealed record Found(int Pass, IReadOnlyList<DeletableEvents> Events);

    private sealed record FindFailed(Exception Cause);

    private sealed record Answered(DeletableEvents Events, DeletionDone? Done);

    private sealed class FindEvents
    {
        public static readonly FindEvents Instance = new();
    }

    private sealed class DeleteMore
    {
        public static readonly DeleteMore Instance = new();
    }

    private sealed class Resume
    {
        public static readonly Resume Instance = new();
    }

    private sealed class Settled
    {
        public static readonly Settled Instance = new();
    }
}
