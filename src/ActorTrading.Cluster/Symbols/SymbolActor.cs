using System.Buffers;
using System.Diagnostics;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Hosting;
using Akka.Persistence;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Persistent actor of one symbol, a sharded entity: decide, persist, apply, reply, publish. <see cref="Fold"/> processes the
/// records. The actor handles durability, acknowledgements and the delivery of signals.
/// </summary>
internal sealed class SymbolActor : PersistentActor, IWithTimers
{
    private static readonly TimeSpan RestoreDelay = TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private readonly NodeContext host;
    private readonly HostedSymbol symbol;
    private readonly SymbolOutput output;
    private readonly SymbolRunner runner;
    private readonly SymbolQuarantine quarantine;
    private readonly SignalDelivery signals;
    private readonly SymbolQuestions questions;
    private readonly SnapshotTurns snapshots;
    private SymbolRecovery? recovery; // null after recovery
    private readonly RecentAnswers answers = new();
    private readonly EventEncoder encoder = new();
    private readonly WriteBarrier writes = new();
    private IActorRef? deleter;
    private DeletionTurn? deletion;
    private bool isStopping;
    private bool isRestoring;

    public SymbolActor(Symbol name, NodeContext host)
    {
        this.host = host;
        output = new SymbolOutput(host.Live, host.Options.OnFault);
        symbol = new HostedSymbol(new SymbolState(name, host.PlanOf(name, out var plans)));
        output.Folding = symbol;
        runner = new SymbolRunner(output, host.BeforeFold);
        quarantine = new SymbolQuarantine(symbol, output, Log);
        signals = new SignalDelivery(host, symbol, plans, Context, () => Timers);
        questions = new SymbolQuestions(symbol, quarantine, signals);
        snapshots = new SnapshotTurns(host, symbol);
        recovery = new SymbolRecovery(host, symbol, output, quarantine);
    }

    public override string PersistenceId => symbol.Id;

    public ITimerScheduler Timers { get; set; } = null!;

    private static ArrayBufferWriter<byte> Scratch
    {
        get
        {
            (scratch ??= new ArrayBufferWriter<byte>()).ResetWrittenCount();
            return scratch;
        }
    }

    /// <summary>
    /// Returning false for a snapshot makes Akka.Persistence replay from the first event. In a <see cref="ReceivePersistentActor"/>
    /// it does not.
    /// </summary>
    protected override bool ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                if (!recovery!.TryRestore(offer)) return false;
                snapshots.Restored();
                return true;
            case JournaledBytes happened:
                recovery!.Replay(happened, LastSequenceNr);
                signals.Replayed(output.Signals);
                return true;
            case RecoveryCompleted:
                recovery!.End(LastSequenceNr);
                signals.Recovered(isWhole: !recovery.IsCutOff);
                recovery = null;
                if (IsOfAnotherPlan) Self.Tell(new RefoldSymbol(symbol.Symbol, 0), ActorRefs.NoSender); // the plan changed during recovery
                if (symbol.DeletedAt > 1) DeleteMessages(symbol.DeletedAt - 1); // a crash may have interrupted the deletion
                RestoreIfLost();
                return true;
            default:
                return false;
        }
    }

    protected override bool ReceiveCommand(object message)
    {
        switch (message)
        {
            case SymbolBatch batch: Take(batch); break;
            case AdvanceSymbol clock: Advance(clock); break;
            case GetSymbol asked: Sender.Tell(questions.Answer(asked)); break;
            case WakeSymbol: break;
            case RefoldSymbol asked: SwitchPlan(asked); break;
            case SignalsLogged logged: Logged(logged); break;
            case SignalsRead read: signals.Take(read); break;
            case SignalDelivery.ReadFailed failed: signals.Take(failed); break;
            case SignalDelivery.ReadAgain: signals.ReadOnceMore(); break;
            case SignalDelivery.ResendSignals: signals.Send(); break;
            case SaveSnapshotSuccess: Saved(true); break;
            case SaveSnapshotFailure failed: NotSaved(failed); break;
            case DeleteSnapshotsSuccess: break;
            case DeleteSnapshotsFailure failed: Log.Warning(failed.Cause, "{0}: old snapshots stay", PersistenceId); break;
            case DeleteEvents asked: Delete(asked); break;
            case DeleteMessagesSuccess: Deleted(""); break;
            case DeleteMessagesFailure failed: Deleted(failed.Cause.Message); break;
            case DeleteSymbol asked: BeginDeleting(asked); break;
            case StopSymbol: BeginStopping(); break;
            case StopAnyway: Context.Stop(Self); break;
            default: return false;
        }

        return true;
    }

    /// <summary>
    /// Behavior while the state is read from the journal. Other messages are stashed. Handlers of earlier journal writes still run.
    /// </summary>
    private bool ReceiveRestoring(object message)
    {
        switch (message)
        {
            case HostedSymbol found:
                quarantine.RestoreState(found);
                Restored();
                break;
            case Status.Failure { Cause: JournalException cause }:
                Log.Warning(cause, "{0}: the journal does not give its state; asking again", PersistenceId);
                Timers.StartSingleTimer(nameof(RestoreAgain), RestoreAgain.Instance, RestoreDelay);
                break;
            case Status.Failure { Cause: var cause }:
                quarantine.GiveUpState(cause);
                Restored();
                break;
            case RestoreAgain:
                host.Reads.Run(quarantine.ReadState, Self);
                break;
            case StopSymbol:
                Context.Stop(Self);
                break;
            default:
                Stash.Stash();
                break;
        }

        return true;
    }

    private void BeginDeleting(DeleteSymbol asked)
    {
        if (isStopping)
        {
            host.Region().Forward(asked);
            return;
        }

        deletion = new DeletionTurn(asked, Sender);
        BecomeStacked(ReceiveDeleting);
        DeleteWhenDone();
    }

    /// <summary>Behavior while the symbol is deleted. Stashes all messages except answers to operations in progress.</summary>
    private bool ReceiveDeleting(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess when deletion is { IsWaiting: false }:
                Saved(true);
                DeleteSnapshots(new SnapshotSelectionCriteria(symbol.DeletedAt - 1));
                DeleteMessages(deletion.Purge(symbol));
                break;
            // The events are kept, because no snapshot shows that they are void.
            case SaveSnapshotFailure failed when deletion is { IsWaiting: false }:
                NotSaved(failed);
                EndDeleting(isPurged: false);
                break;
            case DeleteMessagesSuccess done when deletion!.Purges(done.ToSequenceNr): EndDeleting(isPurged: true); break;
            case DeleteMessagesFailure failed when deletion!.Purges(failed.ToSequenceNr):
                Log.Warning(failed.Cause, "{0} is deleted, and its events stay until it comes to life again", PersistenceId);
                EndDeleting(isPurged: false);
                break;
            case SaveSnapshotSuccess or SaveSnapshotFailure or SignalsLogged or SignalsRead or DeleteSnapshotsSuccess
                or DeleteSnapshotsFailure
                or DeleteMessagesSuccess or DeleteMessagesFailure or SignalDelivery.ReadFailed or SignalDelivery.ReadAgain
                or SignalDelivery.ResendSignals:
                ReceiveCommand(message);
                DeleteWhenDone();
                break;
            case StopSymbol: Context.Stop(Self); break; // the requester repeats its request
            default: Stash.Stash(); break;
        }

        return true;
    }

    private void DeleteWhenDone()
    {
        if (deletion is not { IsWaiting: true } || snapshots.IsSaving || writes.IsClosed || !signals.IsDone || deleter is not null
            || isRestoring) return;
        if (!symbol.HasRecords && !quarantine.IsOn)
        {
            deletion.BeginAgain();
            if (symbol.DeletedAt > 1) DeleteMessages(deletion.Purge(symbol));
            else EndDeleting(isPurged: true);
            return;
        }

        var (deleted, bytes) = deletion.Begin(symbol);
        PersistAsync(bytes, _ =>
        {
            host.Writes.Written();
            symbol.Delete(deleted, LastSequenceNr);
            quarantine.End();
            host.Folded(symbol.Symbol, LastSequenceNr, 0);
            snapshots.Begin();
            SaveSnapshot(bytes);
        });
    }

    private void EndDeleting(bool isPurged)
    {
        deletion!.End(symbol, isPurged);
        deletion = null;
        UnbecomeStacked();
        Stash.UnstashAll();
    }

    private void RestoreIfLost()
    {
        if (!quarantine.IsStateLost || isRestoring) return;
        isRestoring = true;
        BecomeStacked(ReceiveRestoring);
        host.Reads.Run(quarantine.ReadState, Self);
    }

    private void Restored()
    {
        isRestoring = false;
        UnbecomeStacked();
        Stash.UnstashAll();
    }

    // Decide.
    private void Take(SymbolBatch batch)
    {
        if (!TryBegin(batch)) return;
        var sender = Sender;
        var records = batch.Records.Span;
        var accepted = 0;
        var outcomes = quarantine.IsOn ? SymbolQuarantine.Reject(records.Length) : SymbolRunner.Judge(symbol, records, out accepted);
        var answer = new BatchAck(batch.Symbol, batch.Sender, batch.Number, outcomes);
        if (accepted == 0)
        {
            writes.Run(() => Answer(sender, answer)); // the originals of duplicates become durable first
            return;
        }

        var bytes = Scratch;
        var manifest = encoder.EncodeRecords(symbol.Symbol, SymbolRunner.Accepted(records, outcomes, accepted), bytes);
        Persist(manifest, bytes, () => Apply(batch.Records.Span, outcomes), sender, answer);
    }

    private void Advance(AdvanceSymbol clock)
    {
        if (!TryBegin(clock)) return;
        var sender = Sender;
        var answer = new BatchAck(clock.Symbol, clock.Sender, clock.Number, []);
        if (quarantine.IsOn || !symbol.TakesClock)
        {
            writes.Run(() => Answer(sender, answer));
            return;
        }

        var bytes = Scratch;
        var manifest = encoder.EncodeClock(symbol.Symbol, clock.To, bytes);
        Persist(manifest, bytes, () => Apply(clock.To), sender, answer);
    }

    private void Apply(ReadOnlySpan<Record> records, byte[] outcomes)
    {
        if (quarantine.IsOn) SymbolQuarantine.Reject(outcomes);
        else if (runner.Apply(symbol, records, outcomes) is { } poison) quarantine.Begin(poison.Cause, LastSequenceNr, poison.Record);
    }

    private void Apply(Timestamp clock)
    {
        if (!quarantine.IsOn) runner.Apply(symbol, clock);
    }

    // Persist, apply, reply, publish.
    private void Persist(string manifest, ArrayBufferWriter<byte> bytes, Action apply, IActorRef sender, BatchAck answer)
    {
        writes.Begin();
        var began = Stopwatch.GetTimestamp();
        var payload = bytes.WrittenSpan.ToArray();
        PersistAsync(new JournaledBytes(manifest, payload), _ =>
        {
            host.Writes.Written();
            host.Options.Meter?.Committed(Stopwatch.GetElapsedTime(began), 1, 0, payload.Length);
            apply();
            if (!quarantine.IsOn) symbol.LastEvent = symbol.LastFolded = LastSequenceNr;
            Answer(sender, answer);
            host.Folded(symbol.Symbol, LastSequenceNr, answer.Outcomes.Length);
            signals.Deliver(output.Signals);
            snapshots.Folded();
            TakeSnapshotIfOwed();
            writes.End();
            RestoreIfLost();
            StopWhenDone();
            DeleteWhenDone();
        });
    }

    private bool TryBegin(INumbered message)
    {
        if (isStopping)
        {
            host.Region().Forward(message); // the region buffers it until it knows the new location of the symbol
            return false;
        }

        if (answers.TryBegin(message, out var known)) return true;
        if (known is not null) Sender.Tell(known);
        return false;
    }

    private void Answer(IActorRef sender, BatchAck done)
    {
        answers.End(done);
        sender.Tell(done);
    }

    private void Logged(SignalsLogged logged)
    {
        if (!signals.TryConfirm(logged)) return;
        TakeSnapshotIfOwed();
        StopWhenDone();
    }

    /// <summary>
    /// Starts a due snapshot if all signals are logged. A snapshot must not cover an unlogged signal, because recovery would not fire
    /// it again.
    /// </summary>
    private void TakeSnapshotIfOwed()
    {
        if (signals.IsDone && !quarantine.IsOn && snapshots.TryBegin())
            SaveSnapshot(new JournaledBytes(EventManifests.Snapshot, questions.StateBytes()));
    }

    private void Saved(bool isSaved)
    {
        if (snapshots.End(isSaved) is > 1 and var before) DeleteSnapshots(new SnapshotSelectionCriteria(before - 1));
        TakeSnapshotIfOwed();
        StopWhenDone();
    }

    private void NotSaved(SaveSnapshotFailure failed)
    {
        Log.Warning(failed.Cause, "{0}: no snapshot of event {1}", PersistenceId, failed.Metadata.SequenceNr);
        Saved(false);
    }

    /// <summary>Deletes old events, except those that a recovery may need. Without an answer the requester asks again.</summary>
    private void Delete(DeleteEvents asked)
    {
        if (isStopping || deleter is not null) return;
        deleter = Sender;
        if (asked.UpTo <= symbol.LastSnapshot && !IsOfAnotherPlan) DeleteMessages(asked.UpTo);
        else Deleted("");
    }

    private void Deleted(string fault)
    {
        deleter?.Tell(new DeletionDone(symbol.Symbol, fault));
        deleter = null;
    }

    protected override void PreStart()
    {
        host.Enter(symbol.Symbol, Self, Context.Parent);
        base.PreStart();
    }

    protected override void PostStop()
    {
        host.Leave(symbol.Symbol);
        base.PostStop();
    }

    protected override void OnPersistFailure(Exception cause, object happened, long sequenceNr)
    {
        host.Options.Meter?.CommitFailed();
        host.Writes.Failed();
        base.OnPersistFailure(cause, happened, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object happened, long sequenceNr)
    {
        // The event was not written, but the records were judged. The in-memory state is ahead of the journal and must be discarded.
        host.Options.Meter?.CommitFailed();
        host.Writes.Failed();
        base.OnPersistRejected(cause, happened, sequenceNr);
        Context.Stop(Self);
    }

    private bool IsOfAnotherPlan => symbol.State.Plan.Settings.Hash != host.PlanOf(symbol.Symbol, out _).Settings.Hash;

    /// <summary>
    /// Restarts a symbol that uses an earlier plan: passivates it and forwards the request to the new incarnation. The shard buffers
    /// other messages meanwhile.
    /// </summary>
    private void SwitchPlan(RefoldSymbol asked)
    {
        if (!IsOfAnotherPlan)
        {
            // Otherwise this node does not know the plan yet, and the requester asks again.
            if (host.Plans.Count >= asked.Plans) Sender.Tell(new SymbolRefolded(symbol.Symbol));
            return;
        }

        Context.Parent.Tell(new Passivate(StopSymbol.Instance));
        Context.Parent.Forward(asked);
    }

    private void BeginStopping()
    {
        isStopping = true;
        Timers.StartSingleTimer(nameof(StopAnyway), StopAnyway.Instance, host.Options.StopPatience);
        StopWhenDone();
    }

    private void StopWhenDone()
    {
        if (!isStopping || snapshots.IsSaving || writes.IsClosed || !signals.IsDone) return;
        snapshots.Owe(signals.WantsSnapshot);
        TakeSnapshotIfOwed();
        if (!snapshots.IsSaving) Context.Stop(Self);
    }

    private sealed class StopAnyway
    {
        public static readonly StopAnyway Instance = new();
    }

    private sealed class RestoreAgain
    {
        public static readonly RestoreAgain Instance = new();
    }
}

/// <summary>Props and shard region of symbol actors.</summary>
internal static class SymbolActors
{
    /// <summary>Creates the props of a symbol actor.</summary>
    public static Props PropsFor(Symbol symbol, NodeContext host) => Props.Create(() => new SymbolActor(symbol, host));

    /// <summary>Adds the shard region of symbols.</summary>
    public static AkkaConfigurationBuilder WithSymbols(
        this AkkaConfigurationBuilder builder, NodeContext host, SymbolExtractor extractor) =>
        builder.WithShardRegion<ActorKeys.Symbols>(
            ClusterNodeBuilder.SymbolRegion, (_, _) => name => PropsFor(Symbol.Restore(name), host), extractor, new ShardOptions
            {
                Role = NodeRole.Symbols,
                StateStoreMode = StateStoreMode.DData,
                RememberEntities = false, // the journal lists the existing symbols
                HandOffStopMessage = StopSymbol.Instance,
                PassivateIdleEntityAfter = host.Options.PassivateAfter,
            });
}
