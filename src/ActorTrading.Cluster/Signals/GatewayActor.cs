using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Signals;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Keeps a node's copy of the signal log up to date. Consecutive signals from pub-sub are added directly. If a signal is missing, and
/// once a second in case a message was lost, the actor reads the journal. It also answers ledger queries of this node.
/// </summary>
internal sealed class GatewayActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly GatewayParts parts;
    private readonly JournalReads reads;
    private readonly SignalLog signals;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private bool isReading;
    private bool isMoreSaid;
    private bool isCatchingUp;
    private string? fault; // logged once, though the journal is polled every second
    private string? lag; // as above

    public GatewayActor(GatewayParts parts)
    {
        this.parts = parts;
        reads = parts.Reads;
        signals = parts.Signals;
        Receive<SignalsPublished>(Take);
        Receive<CheckJournal>(_ =>
        {
            Read();
            if (!isCatchingUp) CatchUp();
        });
        Receive<CaughtUp>(caught =>
        {
            isCatchingUp = false;
            if (caught.Fault is { } cause && lag != cause.Message)
                log.Warning(cause, "Plans and subscriptions cannot be read from the journal; retrying");
            lag = caught.Fault?.Message;
        });
        Receive<Page>(page =>
        {
            isReading = false;
            fault = null;
            if (page.Signals.Count > 0) signals.Publish(page.Signals);
            if (page.Signals.Count == ClusterOptions.MaxPage || isMoreSaid) Read();
        });
        Receive<Status.Failure>(failed =>
        {
            isReading = false;
            if (fault != failed.Cause.Message)
                log.Warning(failed.Cause, "Signals after {0} cannot be read from the journal; retrying", signals.Last);
            fault = failed.Cause.Message;
        });
        Receive<SignalLogFault>(parts.Health.Take);
        Receive<GetLedger>(_ => Sender.Tell(new NodeLedger(parts.Ledger())));
        Receive<SignalsAfter>(asked =>
        {
            var (sender, last) = (Sender, signals.Last);
            reads.RunAsync(store => PageAfter(store, asked.Position, last)).PipeTo(sender, failure: cause => new Status.Failure(cause));
        });
        Receive<SubscriptionsChanged>(_ => CatchUp());
        Receive<PlanChanged>(_ => CatchUp());
        Receive<GetPlan>(_ => CaughtUpAsync().PipeTo(
            Sender, success: () => new PlanChanged(parts.Plans()), failure: cause => new Status.Failure(cause)));
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(GatewayParts parts) => Props.Create(() => new GatewayActor(parts));

    protected override void PreStart()
    {
        var topics = DistributedPubSub.Get(Context.System).Mediator;
        topics.Tell(new Subscribe(Topics.Signals, Self));
        topics.Tell(new Subscribe(Topics.Subscriptions, Self));
        topics.Tell(new Subscribe(Topics.Plan, Self));
        topics.Tell(new Subscribe(Topics.SignalLog, Self));
        Timers.StartPeriodicTimer(nameof(CheckJournal), CheckJournal.Instance, PollInterval, PollInterval);
    }

    /// <summary>Reads up to <paramref name="most"/> signals after a position.</summary>
    internal static List<LoggedSignal> ReadAfter(IJournalStore store, long position, int most)
    {
        var page = new List<LoggedSignal>();
        SignalLog.Scan(store, position + 1, position + most, (at, _, signal) => page.Add(new LoggedSignal(at, signal)));
        return page;
    }

    private static SignalsPage PageAfter(IJournalStore store, long position, long last)
    {
        var page = new List<byte[]>();
        var bytes = new ArrayBufferWriter<byte>(256);
        SignalLog.Scan(store, position + 1, position + ClusterOptions.MaxPage, (_, plan, signal) =>
        {
            bytes.ResetWrittenCount();
            SignalCodec.Encode(plan, signal, bytes);
            page.Add(bytes.WrittenSpan.ToArray());
        });
        return new SignalsPage(position + 1, page, Math.Max(last, position + page.Count));
    }

    private void Take(SignalsPublished published)
    {
        var next = signals.Last + 1;
        if (published.First > next)
        {
            Read();
            return;
        }

        var fresh = new List<LoggedSignal>();
        for (var i = (int)Math.Min(next - published.First, published.Signals.Count); i < published.Signals.Count; i++)
        {
            if (!SignalCodec.TryDecode(published.Signals[i], out _, out var signal, out _))
            {
                Read();
                break;
            }

            fresh.Add(new LoggedSignal(published.First + i, signal));
        }

        if (fresh.Count == 0) return;
        if (isReading) isMoreSaid = true;
        else signals.Publish(fresh);
    }

    private void Read()
    {
        isMoreSaid = isReading;
        if (isReading) return;
        isReading = true;
        var after = signals.Last;
        reads.Run(store => new Page(ReadAfter(store, after, ClusterOptions.MaxPage)), Self);
    }

    /// <summary>Reads new plans and subscriptions.</summary>
    private void CatchUp()
    {
        isCatchingUp = true;
        CaughtUpAsync().PipeTo(Self, success: () => new CaughtUp(null), failure: cause => new CaughtUp(cause));
    }

    private Task CaughtUpAsync() => reads.RunAsync(_ =>
    {
        parts.OnLook();
        return true;
    });

    private sealed record Page(List<LoggedSignal> Signals);

    private sealed record CaughtUp(Exception? Fault);

    private sealed class CheckJournal
    {
        public static readonly CheckJournal Instance = new();
    }
}

/// <summary>Dependencies of a <see cref="GatewayActor"/>.</summary>
internal sealed record GatewayParts(
    JournalReads Reads, SignalLog Signals, SignalLogHealth Health, Func<IReadOnlyList<LedgerLine>> Ledger, Func<long> Plans, Action OnLook);
