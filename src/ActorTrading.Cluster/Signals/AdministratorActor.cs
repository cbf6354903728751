using System.Buffers;
using System.Diagnostics;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Embedded.Signals;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Telemetry;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Persistence;
using Recovery = Akka.Persistence.Recovery;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// The one in the cluster who gives each signal its place in the log, once: a signal that is told again is known by its symbol, its plan and its
/// number. Confirms and publishes what is durable. The log, and the snapshots of how far each symbol has come in it, are the embedded engine's, and so is how
/// they are read. To a log that is damaged nothing is added: it says so, answers nobody, and looks again until it is repaired.
/// </summary>
internal sealed class AdministratorActor : ReceivePersistentActor, IWithTimers
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly IJournalStore store;
    private readonly Func<IActorRef> topics;
    private readonly int snapshotEvery;
    private readonly EngineMeter? meter;
    private readonly Dictionary<(Symbol Symbol, PlanHash Plan), long> taken = [];
    private readonly Dictionary<(Symbol Symbol, PlanHash Plan), long> durable = [];
    private readonly AfterWrites writes = new();
    private long lastSnapshot;
    private long snapshotBefore;
    private string? damage;

    public AdministratorActor(IJournalStore store, int snapshotEvery, Func<IActorRef> topics, EngineMeter? meter)
    {
        this.store = store;
        this.meter = meter;
        this.topics = topics;
        this.snapshotEvery = snapshotEvery;
        try
        {
            var log = Read(store);
            lastSnapshot = log.Snapshot;
            foreach (var (key, number) in log.LastNumbers) taken[key] = durable[key] = number;
            Recover<RecoveryCompleted>(_ => GoOnAfter(log.Position));
        }
        catch (RecoveryException found)
        {
            Recover<RecoveryCompleted>(_ => Tell(found));
            Command<SignalsFired>(_ => { }); // its symbol keeps them, and tells them again
            Command<LookAgain>(_ => Look());
            return;
        }

        Command<SignalsFired>(Take);
        Command<SaveSnapshotSuccess>(_ =>
        {
            meter?.SnapshotTaken();
            if (snapshotBefore > 0) DeleteSnapshots(new SnapshotSelectionCriteria(snapshotBefore - 1));
        });
        Command<SaveSnapshotFailure>(failed => Log.Warning(failed.Cause, "No snapshot of the signal log"));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => Log.Warning(failed.Cause, "Old snapshots of the signal log stay"));
    }

    public override string PersistenceId => PersistenceIds.Administrator;

    /// <summary>Nothing is replayed: it is read already.</summary>
    public override Recovery Recovery => Recovery.None;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(ActorSystem system, IJournalStore store, int snapshotEvery, EngineMeter? meter) =>
        For(store, snapshotEvery, () => DistributedPubSub.Get(system).Mediator, meter);

    public static Props For(IJournalStore store, int snapshotEvery, Func<IActorRef> topics, EngineMeter? meter = null) =>
        Props.Create(() => new AdministratorActor(store, snapshotEvery, topics, meter));

    protected override void OnPersistFailure(Exception cause, object happened, long sequenceNr)
    {
        meter?.CommitFailed();
        base.OnPersistFailure(cause, happened, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object happened, long sequenceNr)
    {
        meter?.CommitFailed();
        base.OnPersistRejected(cause, happened, sequenceNr);
        Context.Stop(Self);
    }

    private static void Note(Dictionary<(Symbol, PlanHash), long> numbers, Symbol symbol, in PlanHash plan, long number)
    {
        var key = (symbol, plan);
        numbers[key] = Math.Max(number, numbers.GetValueOrDefault(key));
    }

    private static SignalLogRecovery Read(IJournalStore store)
    {
        var log = new SignalLogRecovery(store, null, []);
        log.ReadOn(static _ => { });
        return log;
    }

    private void GoOnAfter(long position)
    {
        if (LastSequenceNr == position) return;
        Log.Warning("The signal log has grown from {0} to {1} while it was read; reading it again", position, LastSequenceNr);
        Context.Stop(Self);
    }

    /// <summary>Says what is wrong: to the log when it is something else than before, to all nodes again and again.</summary>
    private void Tell(RecoveryException found)
    {
        if (damage != found.Message)
            Log.Error("The signal log is damaged, and nothing is added to it until that is repaired; signals wait with their symbols. {0}", found.Message);
        damage = found.Message;
        topics().Tell(new Publish(Topics.SignalLog, new SignalLogFault(found.SequenceNumber, found.Fault)));
        Timers.StartSingleTimer(nameof(LookAgain), LookAgain.Instance, Again);
    }

    private void Look()
    {
        try
        {
            Read(store);
            Log.Warning("The signal log is whole again, and goes on");
            topics().Tell(new Publish(Topics.SignalLog, new SignalLogFault(0, "")));
            Context.Stop(Self); // to come back
        }
        catch (RecoveryException found)
        {
            Tell(found);
        }
        catch (JournalException)
        {
            Timers.StartSingleTimer(nameof(LookAgain), LookAgain.Instance, Again); // nothing is known of it while the journal does not answer
        }
    }

    private void Take(SignalsFired fired)
    {
        var known = taken.GetValueOrDefault((fired.Symbol, fired.Plan));
        var last = fired.First + fired.Signals.Count - 1;
        var fresh = fired.Signals.Skip((int)Math.Clamp(known - fired.First + 1, 0, fired.Signals.Count)).ToArray();
        if (fresh.Length > 0)
        {
            Note(taken, fired.Symbol, fired.Plan, last);
            var began = Stopwatch.GetTimestamp();
            writes.Begin();
            PersistAllAsync(fresh.Select(signal => new JournaledBytes(EventManifests.Signal, signal)), logged =>
            {
                if (!ReferenceEquals(logged.Payload, fresh[^1])) return;
                meter?.Committed(Stopwatch.GetElapsedTime(began), fresh.Length, 0, fresh.Sum(signal => signal.Length));
                Logged(fired, last, fresh);
                writes.End();
            });
        }

        // Behind everything that is on its way to the journal: also what another copy of this message has put there, and what the symbol has told in another life.
        var sender = Sender;
        writes.Run(() => sender.Tell(new SignalsLogged(fired.Symbol, fired.Plan, Math.Max(last, known))));
    }

    /// <summary>All of a message are durable.</summary>
    private void Logged(SignalsFired fired, long last, byte[][] fresh)
    {
        Note(durable, fired.Symbol, fired.Plan, last);
        var published = new SignalsPublished(LastSequenceNr - fresh.Length + 1, fresh);
        topics().Tell(new Publish(Topics.Signals, published));
        topics().Tell(new Publish(Topics.SignalsOf(fired.Symbol), published));

        // A snapshot names every symbol, so that with many of them it comes after more signals.
        if (snapshotEvery == 0 || LastSequenceNr - lastSnapshot < Math.Max(snapshotEvery, durable.Count)) return;
        var bytes = new ArrayBufferWriter<byte>();
        SignalLogCodec.Encode(LastSequenceNr, durable, bytes);
        snapshotBefore = lastSnapshot;
        lastSnapshot = LastSequenceNr;
        SaveSnapshot(new JournaledBytes(EventManifests.SignalLog, bytes.WrittenSpan.ToArray()));
    }
    private sealed class LookAgain
    {
        public static readonly LookAgain Instance = new();
    }
}
