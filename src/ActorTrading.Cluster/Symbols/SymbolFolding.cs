using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using Akka.Event;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Fold of one symbol, used by its actor. Judges records before they are journaled and folds them when they are durable. If folding
/// throws, it would throw again on replay: the symbol is then quarantined with the state before that record. Not thread-safe.
/// </summary>
internal sealed class SymbolFolding(NodeContext host, HostedSymbol symbol, SymbolOutput output, ILoggingAdapter log)
{
    private SymbolState? accepting;
    private bool isGone; // deleted, and no record accepted since
    private Func<IJournalStore, HostedSymbol?>? restore;

    /// <summary>Why the symbol is quarantined and rejects all records; null: it is not quarantined.</summary>
    public string? Quarantine { get; private set; }

    /// <summary>Whether the state is invalid and must be read from the journal before it is used.</summary>
    public bool IsLost => restore is not null;

    /// <summary>Whether records and clock advances can be folded: a record was accepted, and no exception was thrown.</summary>
    public bool IsUnderWay => accepting is not null && Quarantine is null && !isGone;

    /// <summary>Continues after a replay: the replayed state decides about new records.</summary>
    public void GoOn()
    {
        if (symbol.LastFolded > 0) accepting = symbol.State;
        isGone = symbol.IsGone;
    }

    /// <summary>Resets the folding after a deletion of the symbol; ends a quarantine.</summary>
    public void BeginAnew()
    {
        (Quarantine, restore) = (null, null);
        GoOn();
    }

    /// <summary>Decides the outcome of each record. The caller must journal the accepted records next.</summary>
    public byte[] Judge(ReadOnlySpan<Record> records, out int accepted)
    {
        var outcomes = new byte[records.Length];
        accepted = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var decision = Quarantine is not null ? new Decision(Verdict.Rejected, RejectReason.SymbolQuarantined) : Decide(records[i]);
            outcomes[i] = decision.Verdict switch
            {
                Verdict.Accepted => RecordOutcome.Applied,
                Verdict.Duplicate => RecordOutcome.Duplicate,
                _ => RecordOutcome.Refused(decision.Reason),
            };
            if (decision.Verdict == Verdict.Accepted) accepted++;
        }

        if (accepted > 0) isGone = false;
        return outcomes;
    }

    /// <summary>The accepted records, in their order.</summary>
    public static Record[] Accepted(ReadOnlySpan<Record> records, byte[] outcomes, int count)
    {
        var accepted = new Record[count];
        var at = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == RecordOutcome.Applied) accepted[at++] = records[i];
        }

        return accepted;
    }

    /// <summary>Folds the accepted records, which are durable now. Corrects the outcomes of records that were late or threw.</summary>
    public void Apply(ReadOnlySpan<Record> records, byte[] outcomes, long sequenceNumber)
    {
        var isLookedAt = output.WantsTicks(symbol.Symbol);
        var at = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] != RecordOutcome.Applied) continue;
            ref readonly var record = ref records[i];
            try
            {
                if (Quarantine is null)
                {
                    host.BeforeFold?.Invoke(symbol.State, record);
                    if (!Fold.Apply(symbol.State, record, output)) outcomes[i] = RecordOutcome.Late;
                    if (isLookedAt) output.OnTick(record);
                }
            }
            catch (Exception e)
            {
                Stop(e, sequenceNumber, at);
            }

            if (Quarantine is not null) outcomes[i] = RecordOutcome.Refused(RejectReason.SymbolQuarantined);
            at++;
        }
    }

    /// <summary>Folds a durable clock advance.</summary>
    public void Apply(Timestamp clock)
    {
        if (Quarantine is null) Fold.Apply(symbol.State, new ClockAdvanced(symbol.Symbol, clock), output);
    }

    /// <summary>
    /// Quarantines the symbol. After an exception of a record its state is lost, because the record may have changed a part of it.
    /// </summary>
    /// <param name="sequenceNumber">The event that cannot be folded.</param>
    /// <param name="record">Number of its records that can be folded.</param>
    public void Stop(Exception cause, long sequenceNumber, int record)
    {
        Quarantine = cause.Message;
        log.Error(cause, "{0} is quarantined: record {1} of event {2} cannot be folded", symbol.Id, record + 1, sequenceNumber);
        output.Signals.Clear();
        if (cause is not RecoveryException) Lose((store, name, plan) => PastState.Within(store, name, plan, sequenceNumber, record));
    }

    /// <summary>Marks the state as lost; it must be read from the journal.</summary>
    public void Lose(Func<IJournalStore, Symbol, SymbolPlan, HostedSymbol?> read)
    {
        var (name, plan) = (symbol.Symbol, symbol.State.Plan);
        restore = store => read(store, name, plan);
    }

    /// <summary>Reads the lost state. Thread-safe. Blocks.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public HostedSymbol Read(IJournalStore store) =>
        restore!(store) ?? throw new RecoveryException(symbol.Id, 1, "it was deleted, as were all others, and no snapshot helps");

    /// <summary>Replaces the lost state by the one that was read.</summary>
    public void Restore(HostedSymbol found)
    {
        restore = null;
        symbol.State = found.State;
        symbol.LastEvent = symbol.LastFolded = found.LastFolded;
        GoOn();
    }

    /// <summary>Gives up the lost state: the symbol is quarantined without a state.</summary>
    public void GiveUp(Exception cause)
    {
        restore = null;
        Quarantine ??= cause.Message;
        log.Error(cause, "{0} is quarantined: no snapshot helps, and events are missing or damaged", symbol.Id);
        symbol.State = new SymbolState(symbol.Symbol, symbol.State.Plan);
        symbol.LastEvent = symbol.LastFolded = 0;
    }

    private Decision Decide(in Record record)
    {
        if (accepting is not null) return Fold.Decide(accepting, record);
        var decision = Fold.DecideFirst(symbol.State.Plan, record, out var state);
        if (state is not null) accepting = symbol.State = state;
        return decision;
    }
}
