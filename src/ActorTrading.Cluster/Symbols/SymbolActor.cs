using System.Buffers;
using System.Diagnostics;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using Recovery = Akka.Persistence.Recovery;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// A symbol, wherever the cluster has put it: decide, persist, apply, reply, publish. Everything that it does with a record is
/// <see cref="Fold"/>; the rest is about what is durable, and who has been told.
/// </summary>
internal sealed class SymbolActor : ReceivePersistentActor, IWithTimers
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private readonly SymbolHost host;
    private readonly HostedSymbol symbol;
    private readonly PartitionOutput output;
    private readonly SymbolFolding folding;
    private readonly SignalTelling signals;
    private readonly SnapshotTurns snapshots;
    private readonly RecentAnswers answers = new();
    private readonly EventEncoder encoder = new();
    private readonly AfterWrites writes = new();
    private SymbolRecovery? recovery;
    private bool isStopping;

    public SymbolActor(Symbol name, SymbolHost host)
    {
        this.host = host;
        output = new PartitionOutput(host.Live, host.Options.OnFault);
        symbol = new HostedSymbol(new SymbolState(name, host.PlanOf(name, out var plans)));
        output.Folding = symbol;
        folding = new SymbolFolding(host, symbol, output, Log);
        recovery = new SymbolRecovery(host, symbol, output, folding, plans);
        signals = new SignalTelling(host, symbol, recovery.LastEarlier, () => Timers);
        snapshots = new SnapshotTurns(host, symbol);

        Recover<SnapshotOffer>(_ => { }); // it is there already
        Recover<JournaledBytes>(Replay);
        Recover<RecoveryCompleted>(_ => Recovered());
        Command<SymbolBatch>(Take);
        Command<AdvanceSymbol>(Advance);
        Command<AskState>(_ => Sender.Tell(new SymbolStateBytes(name, StateBytes())));
        Command<AskEntry>(asked => Sender.Tell(host.EntryOf(symbol, asked.IsHashed)));
        Command<AskGlance>(_ => Sender.Tell(Glance()));
        Command<AskGauges>(_ => Sender.Tell(new SymbolGauges(name, symbol.LastFolded > 0 ? new SymbolReader().Read(symbol) : null)));
        Command<WakeSymbol>(_ => { });
        Command<RefoldSymbol>(GoOver);
        Command<SignalsLogged>(Logged);
        Command<SignalTelling.ResendSignals>(_ => signals.Send());
        Command<SaveSnapshotSuccess>(_ => Saved(true));
        Command<SaveSnapshotFailure>(failed =>
        {
            Log.Warning(failed.Cause, "{0}: no snapshot of event {1}", PersistenceId, failed.Metadata.SequenceNr);
            Saved(false);
        });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => Log.Warning(failed.Cause, "{0}: old snapshots stay", PersistenceId));
        Command<StopSymbol>(_ => BeginStopping());
        Command<StopAnyway>(_ => Context.Stop(Self));
    }

    public override string PersistenceId => symbol.Id;

    public override Recovery Recovery => symbol.LastSnapshot > 0
        ? new Recovery(new SnapshotSelectionCriteria(symbol.LastSnapshot, DateTime.MaxValue, symbol.LastSnapshot))
        : new Recovery(SnapshotSelectionCriteria.None);

    public ITimerScheduler Timers { get; set; } = null!;

    private static ArrayBufferWriter<byte> Scratch
    {
        get
        {
            (scratch ??= new ArrayBufferWriter<byte>()).ResetWrittenCount();
            return scratch;
        }
    }

    /// <summary>How a symbol comes to life; see <see cref="SymbolExtractor"/> for where.</summary>
    public static Props For(Symbol symbol, SymbolHost host) => Props.Create(() => new SymbolActor(symbol, host));

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
        // Not written, but judged: what is ahead of the journal must not live on.
        host.Options.Meter?.CommitFailed();
        host.Writes.Failed();
        base.OnPersistRejected(cause, happened, sequenceNr);
        Context.Stop(Self);
    }

    private void Replay(JournaledBytes happened)
    {
        recovery!.Replay(happened, LastSequenceNr);
        signals.Add(output.Signals);
    }

    private void Recovered()
    {
        recovery!.End();
        recovery = null;
        if (IsOfAnotherPlan) Self.Tell(new RefoldSymbol(symbol.Symbol, 0), ActorRefs.NoSender); // changed while it came to life
        signals.Tell(output.Signals);
    }

    // Decide.
    private void Take(SymbolBatch batch)
    {
        if (!TryBegin(batch)) return;
        var sender = Sender;
        var records = batch.Records.Span;
        var outcomes = folding.Judge(records, out var accepted);
        var answer = new SymbolDone(batch.Symbol, batch.Sender, batch.Number, outcomes);
        if (accepted == 0)
        {
            writes.Run(() => Answer(sender, answer)); // what it has copies of is durable first
            return;
        }

        var bytes = Scratch;
        var manifest = encoder.EncodeRecords(symbol.Symbol, accepted == records.Length ? records : SymbolFolding.Accepted(records, outcomes, accepted), bytes);
        Persist(manifest, bytes, () => folding.Apply(batch.Records.Span, outcomes, LastSequenceNr), sender, answer);
    }

    private void Advance(AdvanceSymbol clock)
    {
        if (!TryBegin(clock)) return;
        var sender = Sender;
        var answer = new SymbolDone(clock.Symbol, clock.Sender, clock.Number, []);
        if (!folding.IsUnderWay)
        {
            writes.Run(() => Answer(sender, answer));
            return;
        }

        var bytes = Scratch;
        var manifest = encoder.EncodeClock(symbol.Symbol, clock.To, bytes);
        Persist(manifest, bytes, () => folding.Apply(clock.To), sender, answer);
    }

    // Persist, apply, reply, publish.
    private void Persist(string manifest, ArrayBufferWriter<byte> bytes, Action apply, IActorRef sender, SymbolDone answer)
    {
        writes.Begin();
        var began = Stopwatch.GetTimestamp();
        var payload = bytes.WrittenSpan.ToArray();
        PersistAsync(new JournaledBytes(manifest, payload), _ =>
        {
            host.Writes.Written();
            host.Options.Meter?.Committed(Stopwatch.GetElapsedTime(began), 1, 0, payload.Length);
            apply();
            if (folding.Quarantine is null) symbol.LastEvent = symbol.LastFolded = LastSequenceNr;
            Answer(sender, answer);
            host.Folded(symbol.Symbol, LastSequenceNr, answer.Outcomes.Length);
            signals.Tell(output.Signals);
            snapshots.Folded();
            TakeSnapshotIfOwed();
            writes.End();
            StopWhenDone();
        });
    }

    private bool TryBegin(INumbered message)
    {
        if (isStopping)
        {
            host.Region().Forward(message); // which keeps it until it knows where the symbol is then
            return false;
        }

        if (answers.TryBegin(message, out var known)) return true;
        if (known is not null) Sender.Tell(known);
        return false;
    }

    private void Answer(IActorRef sender, SymbolDone done)
    {
        answers.End(done);
        sender.Tell(done);
    }

    private void Logged(SignalsLogged logged)
    {
        if (!signals.TryConfirm(logged)) return;
        signals.Tell(output.Signals);
        TakeSnapshotIfOwed();
        StopWhenDone();
    }

    /// <summary>No snapshot covers a signal that is not in the log: recovery would not fire it again.</summary>
    private void TakeSnapshotIfOwed()
    {
        if (signals.IsDone && folding.Quarantine is null && snapshots.TryBegin()) SaveSnapshot(new JournaledBytes(EventManifests.Snapshot, StateBytes()));
    }

    private void Saved(bool isSaved)
    {
        if (snapshots.End(isSaved) is > 1 and var before) DeleteSnapshots(new SnapshotSelectionCriteria(before - 1));
        TakeSnapshotIfOwed();
        StopWhenDone();
    }

    private byte[] StateBytes()
    {
        if (symbol.LastFolded == 0) return [];
        var bytes = Scratch;
        symbol.WriteSnapshot(new StateWriter(), bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private SymbolGlance Glance()
    {
        var state = symbol.State;
        return new SymbolGlance(
            symbol.Symbol, symbol.LastFolded, state.Ohlcv.LastPrice, state.Ohlcv.LastTime, state.Sources.Applied, state.Sources.Late,
            state.Ohlcv.Signals, signals.Unconfirmed, folding.Quarantine);
    }

    private bool IsOfAnotherPlan => symbol.State.Plan.Settings.Hash != host.PlanOf(symbol.Symbol, out _).Settings.Hash;

    /// <summary>Ends this life, if it is one by an earlier plan, and lets the next one answer: the shard keeps for it what comes meanwhile.</summary>
    private void GoOver(RefoldSymbol asked)
    {
        if (!IsOfAnotherPlan)
        {
            if (host.Plans.Count >= asked.Plans) Sender.Tell(new SymbolRefolded(symbol.Symbol)); // else this node has not heard of it yet, and is asked again
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
        if (!isStopping || snapshots.IsSaving || writes.AreUnderWay || !signals.IsDone) return;
        snapshots.Owe();
        TakeSnapshotIfOwed();
        if (!snapshots.IsSaving) Context.Stop(Self);
    }

    private sealed class StopAnyway
    {
        public static readonly StopAnyway Instance = new();
    }
}
