using System.Buffers;
using System.Diagnostics;
using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Signals;
using ActorTrading.Engine.Telemetry;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Persistence;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Cluster singleton that writes the signal log. It assigns each signal a position, exactly once: a resent signal is recognised by
/// symbol, plan and number. It confirms and publishes durable signals. Log and snapshots have the format of the embedded engine. A
/// damaged log is not extended: the actor reports the damage, confirms nothing, and checks the log again until it is repaired.
/// </summary>
internal sealed class AdministratorActor : PersistentActor, IWithTimers
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly JournalReads reads;
    private readonly Func<IActorRef> topics;
    private readonly int snapshotEvery;
    private readonly EngineMeter? meter;
    private readonly SignalLogState log = new(); // what is durable
    private readonly SignalNumbers taken = new(); // with what is being written
    private readonly WriteBarrier writes = new();
    private long snapshotBefore;
    private RecoveryException? damage;
    private bool isStopping;

    public AdministratorActor(JournalReads reads, int snapshotEvery, Func<IActorRef> topics, EngineMeter? meter) =>
        (this.reads, this.snapshotEvery, this.topics, this.meter) = (reads, snapshotEvery, topics, meter);

    public override string PersistenceId => PersistenceIds.Administrator;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(ActorSystem system, JournalReads reads, int snapshotEvery, EngineMeter? meter) =>
        For(reads, snapshotEvery, () => DistributedPubSub.Get(system).Mediator, meter);

    public static Props For(JournalReads reads, int snapshotEvery, Func<IActorRef> topics, EngineMeter? meter = null) =>
        Props.Create(() => new AdministratorActor(reads, snapshotEvery, topics, meter));

    /// <summary>
    /// Returning false for a snapshot makes Akka.Persistence replay from the first event. In a <see cref="ReceivePersistentActor"/>
    /// it does not.
    /// </summary>
    protected override bool ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer: return TryRestore(offer);
            case JournaledBytes logged: damage ??= log.Replay(RowOf(logged, LastSequenceNr)); break;
            case RecoveryCompleted: Recovered(); break;
            default: return false;
        }

        return true;
    }

    protected override bool ReceiveCommand(object message)
    {
        switch (message)
        {
            case SignalsFired fired: Take(fired); break;
            case SaveSnapshotSuccess: Saved(); break;
            case SaveSnapshotFailure failed: Log.Warning(failed.Cause, "A snapshot of the signal log could not be saved"); break;
            case DeleteSnapshotsSuccess: break;
            case DeleteSnapshotsFailure failed: Log.Warning(failed.Cause, "Old snapshots of the signal log could not be deleted"); break;
            case StopSingleton: BeginStopping(); break;
            default: return false;
        }

        return true;
    }

    /// <summary>Behavior while the actor checks whether the journal has the events that the snapshot covers.</summary>
    private bool ReceiveChecking(object message)
    {
        switch (message)
        {
            case long highest:
                UnbecomeStacked();
                if (log.FindMissingBeforeSnapshot(highest) is { } missing) BeDamaged(missing);
                Stash.UnstashAll();
                break;
            case Status.Failure failed:
                Log.Warning(failed.Cause, "The length of the signal log cannot be read from the journal");
                Context.Stop(Self); // the supervisor restarts it
                break;
            case StopSingleton:
                Context.Stop(Self);
                break;
            default:
                Stash.Stash();
                break;
        }

        return true;
    }

    /// <summary>Behavior with a damaged log: nothing is added until the log is repaired.</summary>
    private bool ReceiveDamaged(object message)
    {
        switch (message)
        {
            case SignalsFired: break; // the symbol keeps them and sends them again
            case CheckAgain: reads.Run(FaultOf, Self); break;
            case Checked { Fault: { } found }: Publish(found); break;
            case Checked: ComeBack(); break;
            // The journal does not answer.
            case Status.Failure: Timers.StartSingleTimer(nameof(CheckAgain), CheckAgain.Instance, CheckInterval); break;
            case StopSingleton: Context.Stop(Self); break;
            default: return false;
        }

        return true;
    }

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

    private bool TryRestore(SnapshotOffer offer)
    {
        if (offer.Snapshot is not JournaledBytes snapshot
            || !SignalLogSnapshot.TryRead(RowOf(snapshot, offer.Metadata.SequenceNr), out var found, out _)) return false;
        log.Restore(found);
        return true;
    }

    private static JournalRow RowOf(JournaledBytes stored, long sequenceNumber) => new()
    {
        PersistenceId = PersistenceIds.Administrator, SequenceNumber = sequenceNumber, Manifest = stored.Manifest,
        SerializerId = EventManifests.SerializerId, Payload = stored.Payload,
    };

    /// <summary>
    /// Checks the recovered log. If no event was replayed after the snapshot, the journal must be asked whether it has the covered
    /// events.
    /// </summary>
    private void Recovered()
    {
        damage ??= log.FindMissingAtEnd(LastSequenceNr);
        if (damage is not null)
        {
            BeDamaged(damage);
            return;
        }

        taken.Add(log.Numbers);
        if (log.Position == 0 || log.Position != log.Snapshot) return;
        BecomeStacked(ReceiveChecking);
        reads.Run(static store => store.HighestSequenceNumber(PersistenceIds.Administrator), Self);
    }

    private void BeDamaged(RecoveryException found)
    {
        Become(ReceiveDamaged);
        Log.Error(
            "The signal log is damaged. No signals are added until it is repaired; symbols keep their signals until then. {0}",
            found.Message);
        Publish(found);
    }

    private void ComeBack()
    {
        Log.Warning("The signal log is repaired and accepts signals again");
        topics().Tell(new Publish(Topics.SignalLog, new SignalLogFault(0, "")));
        Context.Stop(Self); // its supervisor starts it again
    }

    /// <summary>Publishes the damage to all nodes, and schedules the next check.</summary>
    private void Publish(RecoveryException found)
    {
        topics().Tell(new Publish(Topics.SignalLog, new SignalLogFault(found.SequenceNumber, found.Fault)));
        Timers.StartSingleTimer(nameof(CheckAgain), CheckAgain.Instance, CheckInterval);
    }

    private static Checked FaultOf(IJournalStore store)
    {
        try
        {
            SignalLogState.Recover(store, []).ReadOn(store, store.HighestSequenceNumber(PersistenceIds.Administrator), static _ => { });
            return new Checked(null);
        }
        catch (RecoveryException found)
        {
            return new Checked(found);
        }
    }

    private void BeginStopping()
    {
        isStopping = true;
        writes.Run(() => Context.Stop(Self));
    }

    private void Saved()
    {
        meter?.SnapshotTaken();
        if (snapshotBefore > 0) DeleteSnapshots(new SnapshotSelectionCriteria(snapshotBefore - 1));
    }

    private void Take(SignalsFired fired)
    {
        if (isStopping) return; // the symbol resends to the next administrator
        var known = taken.LastOf(fired.Symbol, fired.Plan);
        var last = fired.First + fired.Signals.Count - 1;
        var fresh = fired.Signals.Skip((int)Math.Clamp(known - fired.First + 1, 0, fired.Signals.Count)).ToArray();
        if (fresh.Length > 0)
        {
            taken.TryNote(fired.Symbol, fired.Plan, last);
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

        // Confirms after all pending journal writes. Thus also signals are durable that an earlier copy of this message or an earlier
        // incarnation of the symbol has sent.
        var sender = Sender;
        writes.Run(() => sender.Tell(new SignalsLogged(fired.Symbol, fired.Plan, Math.Max(last, known))));
    }

    /// <summary>Called when all signals of a message are durable.</summary>
    private void Logged(SignalsFired fired, long last, byte[][] fresh)
    {
        log.Add(fired.Symbol, fired.Plan, last, fresh.Length);
        var published = new SignalsPublished(log.Position - fresh.Length + 1, fresh);
        topics().Tell(new Publish(Topics.Signals, published));
        topics().Tell(new Publish(Topics.SignalsOf(fired.Symbol), published));
        if (!log.IsSnapshotDue(snapshotEvery)) return;
        var bytes = new ArrayBufferWriter<byte>();
        snapshotBefore = log.WriteSnapshot(bytes);
        SaveSnapshot(new JournaledBytes(EventManifests.SignalLog, bytes.WrittenSpan.ToArray()));
    }

    private sealed record Checked(RecoveryException? Fault);

    private sealed class CheckAgain
    {
        public static readonly CheckAgain Instance = new();
    }
}
