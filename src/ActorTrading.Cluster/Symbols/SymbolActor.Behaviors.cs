using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;

namespace ActorTrading.Cluster.Symbols;

/// <content>Snapshots, reading a lost state again, deletion, another plan, and stopping.</content>
internal sealed partial class SymbolActor
{
    private static readonly TimeSpan RestoreDelay = TimeSpan.FromSeconds(2);

    private IActorRef? deleter;
    private DeletionTurn? deletion;
    private bool isStopping;
    private bool isRestoring;

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
        Log.Warning(failed.Cause, "{0}: the snapshot of event {1} could not be saved", PersistenceId, failed.Metadata.SequenceNr);
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
                Log.Warning(cause, "{0}: its state cannot be read from the journal; retrying", PersistenceId);
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
                Log.Warning(failed.Cause, "{0} is deleted, but its events stay until the symbol is activated again", PersistenceId);
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
