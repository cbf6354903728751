using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Hosting;
using Akka.Persistence;

namespace ActorTrading.Cluster.Symbols;

/// <content>Construction, messages, recovery and the hooks of Akka.Persistence.</content>
internal sealed partial class SymbolActor
{
    private readonly NodeContext host;
    private readonly SymbolQuarantine quarantine;
    private readonly SymbolQuestions questions;
    private readonly SnapshotTurns snapshots;
    private SymbolRecovery? recovery; // null after recovery

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
            case DeleteSnapshotsFailure failed: Log.Warning(failed.Cause, "{0}: old snapshots could not be deleted", PersistenceId); break;
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
