using System.Buffers;
using System.Diagnostics;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Past;
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
    private static readonly TimeSpan SignalPatience = TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private readonly SymbolHost host;
    private readonly HostedSymbol symbol;
    private readonly PartitionOutput output;
    private readonly SymbolFolding folding;
    private readonly SignalOutbox signals;
    private readonly RecentAnswers answers = new();
    private readonly EventEncoder encoder = new();
    private readonly AfterWrites writes = new();
    private EventReplay? replay;
    private EventsInForce? inForce;
    private long lastEarlier;
    private bool isSnapshotOwed;
    private bool isSaving;
    private long snapshotLap;
    private bool isStopping;

    public SymbolActor(Symbol name, SymbolHost host)
    {
        this.host = host;
        output = new PartitionOutput(host.Live, host.Options.OnFault) { IsReplay = true };
        replay = new EventReplay(output, before: host.BeforeFold);
        symbol = new HostedSymbol(new SymbolState(name, host.PlanOf(name, out var plans)));
        signals = new SignalOutbox(name);
        folding = new SymbolFolding(host, symbol, output, Log);
        output.Folding = symbol;

        // The newest snapshot that is sound and of the present plan; the one that Akka would offer may be neither.
        var snapshots = new PastSnapshots(host.Store, symbol);
        if (snapshots.TryRestoreAtMost(long.MaxValue)) symbol.LastSnapshot = symbol.LastEvent;
        host.Recovered.Add(snapshots.Unused);
        inForce = new EventsInForce(plans, host.Store, symbol);
        lastEarlier = inForce.LastEarlier;
        if (RefoldedSignals.Earlier(host.Store, plans, symbol, lastEarlier) is { } earlier) signals.Refill(earlier.Signals, earlier.Plan);

        Recover<SnapshotOffer>(_ => { }); // it is there already
        Recover<JournaledBytes>(Replay);
        Recover<RecoveryCompleted>(_ => Recovered());
        Command<SymbolBatch>(Take);
        Command<AdvanceSymbol>(Advance);
        Command<AskState>(_ => Sender.Tell(new SymbolStateBytes(name, StateBytes())));
        Command<AskHash>(_ => Sender.Tell(new SymbolHash(name, symbol.LastFolded > 0 ? StateHash.Of(symbol.State) : null)));
        Command<AskGlance>(_ => Sender.Tell(Glance()));
        Command<AskGauges>(_ => Sender.Tell(new SymbolGauges(name, symbol.LastFolded > 0 ? new SymbolReader().Read(symbol) : null)));
        Command<WakeSymbol>(_ => { });
        Command<RefoldSymbol>(GoOver);
        Command<SignalsLogged>(Logged);
        Command<ResendSignals>(_ => SendSignals());
        Command<SaveSnapshotSuccess>(Saved);
        Command<SaveSnapshotFailure>(failed => Saved(failed));
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

    /// <summary>Counts on with the records that are folded, one step for those of a snapshot; each symbol steps at another time.</summary>
    private long Lap => (symbol.State.Sources.Applied + symbol.State.Sources.Late + symbol.Turn) / ClusterOptions.SnapshotRecords;

    /// <summary>How a symbol comes to life; see <see cref="SymbolExtractor"/> for where.</summary>
    public static Props For(Symbol symbol, SymbolHost host) => Props.Create(() => new SymbolActor(symbol, host));

    protected override void PreStart()
    {
        host.Enter(symbol.Symbol);
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
        base.OnPersistFailure(cause, happened, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object happened, long sequenceNr)
    {
        // Not written, but judged: what is ahead of the journal must not live on.
        host.Options.Meter?.CommitFailed();
        base.OnPersistRejected(cause, happened, sequenceNr);
        Context.Stop(Self);
    }

    private void Replay(JournaledBytes happened)
    {
        if (folding.Quarantine is not null) return;
        try
        {
            output.IsSilent = !inForce!.Contains(LastSequenceNr);
            replay!.Fold(symbol, LastSequenceNr, happened.Manifest, EventManifests.SerializerId, happened.Payload);
        }
        catch (Exception e)
        {
            folding.Stop(e, LastSequenceNr, replay!.At);
        }

        signals.Add(output.Signals, symbol.State.Plan);
    }

    private void Recovered()
    {
        host.Recovered.Add(symbol, replay!);
        (replay, inForce) = (null, null);
        output.IsReplay = output.IsSilent = false;
        folding.GoOn();
        if (IsOfAnotherPlan) Self.Tell(new RefoldSymbol(symbol.Symbol, 0), ActorRefs.NoSender); // changed while it came to life
        TellSignals();
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
            host.Options.Meter?.Committed(Stopwatch.GetElapsedTime(began), 1, 0, payload.Length);
            apply();
            if (folding.Quarantine is null) symbol.LastEvent = symbol.LastFolded = LastSequenceNr;
            Answer(sender, answer);
            host.Folded(symbol.Symbol, LastSequenceNr, answer.Outcomes.Length);
            TellSignals();
            if (IsSnapshotDue()) isSnapshotOwed = true;
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

    private void TellSignals()
    {
        signals.Add(output.Signals, symbol.State.Plan);
        if (signals.Count > 0 && !signals.IsSent) SendSignals();
    }

    private void SendSignals()
    {
        if (signals.Count == 0) return;
        host.Administrator().Tell(signals.Next());
        Timers.StartSingleTimer(nameof(ResendSignals), ResendSignals.Instance, SignalPatience);
    }

    private void Logged(SignalsLogged logged)
    {
        if (!signals.TryConfirm(logged)) return;
        Timers.Cancel(nameof(ResendSignals));
        while (signals.TryTakeMissing(out var plan, out var after)) Refill(plan!, after);
        TellSignals();
        TakeSnapshotIfOwed();
        StopWhenDone();
    }

    /// <summary>Signals that there was no room for are folded again; nothing of that is live.</summary>
    private void Refill(SymbolPlan plan, long after)
    {
        var last = plan == symbol.State.Plan ? symbol.LastFolded : lastEarlier;
        signals.Refill(RefoldedSignals.Of(host.Store, host.Plans, symbol.Symbol, plan, last, after).Signals, plan);
    }

    private bool IsSnapshotDue() =>
        symbol.IsSnapshotDue(host.Options.SnapshotEvery) || (host.Options.SnapshotEvery > 0 && Lap != snapshotLap && symbol.LastFolded > symbol.LastSnapshot);

    /// <summary>No snapshot covers a signal that is not in the log: recovery would not fire it again.</summary>
    private void TakeSnapshotIfOwed()
    {
        if (!isSnapshotOwed || isSaving || !signals.IsEmpty || folding.Quarantine is not null) return;
        isSnapshotOwed = false;
        isSaving = true;
        snapshotLap = Lap;
        symbol.SnapshotBefore = symbol.LastSnapshot;
        symbol.LastSnapshot = symbol.LastFolded;
        SaveSnapshot(new JournaledBytes(EventManifests.Snapshot, StateBytes()));
    }

    private void Saved(object result)
    {
        isSaving = false;
        if (result is SaveSnapshotSuccess) host.Options.Meter?.SnapshotTaken();
        if (result is SaveSnapshotFailure failed) Log.Warning(failed.Cause, "{0}: no snapshot of event {1}", PersistenceId, failed.Metadata.SequenceNr);
        else if (symbol.SnapshotBefore > 1) DeleteSnapshots(new SnapshotSelectionCriteria(symbol.SnapshotBefore - 1));
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
            state.Ohlcv.Signals, signals.IsEmpty ? 0 : Math.Max(1, signals.Count), folding.Quarantine);
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
        if (!isStopping || isSaving || writes.AreUnderWay || !signals.IsEmpty) return;
        isSnapshotOwed = symbol.LastFolded > symbol.LastSnapshot;
        if (isSnapshotOwed && folding.Quarantine is null) TakeSnapshotIfOwed();
        else Context.Stop(Self);
    }

    private sealed class ResendSignals
    {
        public static readonly ResendSignals Instance = new();
    }

    private sealed class StopAnyway
    {
        public static readonly StopAnyway Instance = new();
    }
}
