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
/// The fold of one symbol, behind its actor: records are judged ahead of the journal, and folded when they are durable. What
/// throws there would throw again, so that from then on the symbol refuses, and has the state before that. For one thread.
/// </summary>
internal sealed class SymbolFolding(NodeContext host, HostedSymbol symbol, SymbolOutput output, ILoggingAdapter log)
{
    private SymbolState? accepting;
    private bool isGone; // deleted, and nothing accepted since
    private Func<IJournalStore, HostedSymbol?>? restore;

    /// <summary>Why the symbol refuses everything; null while it does not.</summary>
    public string? Quarantine { get; private set; }

    /// <summary>Whether the state is none that ever was, and is to be read from the journal before anybody sees it.</summary>
    public bool IsLost => restore is not null;

    /// <summary>Whether records and clocks may be folded: something was accepted, and nothing threw.</summary>
    public bool IsUnderWay => accepting is not null && Quarantine is null && !isGone;

    /// <summary>What was replayed is what is judged by.</summary>
    public void GoOn()
    {
        if (symbol.LastFolded > 0) accepting = symbol.State;
        isGone = symbol.IsGone;
    }

    /// <summary>The symbol was deleted: nothing of what it was is left, a quarantine included.</summary>
    public void BeginAnew()
    {
        (Quarantine, restore) = (null, null);
        GoOn();
    }

    /// <summary>Says of each record what is to become of it; those that are to be applied become durable next.</summary>
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

    /// <summary>The records that were judged to be applied, in their order.</summary>
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

    /// <summary>Folds what was judged to be applied and is durable now, and corrects the outcomes of what was late or threw.</summary>
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

    /// <summary>Folds an advance of the clock that is durable now.</summary>
    public void Apply(Timestamp clock)
    {
        if (Quarantine is null) Fold.Apply(symbol.State, new ClockAdvanced(symbol.Symbol, clock), output);
    }

    /// <summary>Quarantines the symbol. Its state is lost where a record threw, for that may have changed a part of it.</summary>
    /// <param name="sequenceNumber">The event that cannot be folded.</param>
    /// <param name="record">How many of its records can.</param>
    public void Stop(Exception cause, long sequenceNumber, int record)
    {
        Quarantine = cause.Message;
        log.Error(cause, "{0} is quarantined: record {1} of event {2} cannot be folded", symbol.Id, record + 1, sequenceNumber);
        output.Signals.Clear();
        if (cause is not RecoveryException) Lose((store, name, plan) => PastState.Within(store, name, plan, sequenceNumber, record));
    }

    /// <summary>The state is to be read from the journal.</summary>
    public void Lose(Func<IJournalStore, Symbol, SymbolPlan, HostedSymbol?> read)
    {
        var (name, plan) = (symbol.Symbol, symbol.State.Plan);
        restore = store => read(store, name, plan);
    }

    /// <summary>Reads the lost state. On any thread.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public HostedSymbol Read(IJournalStore store) =>
        restore!(store) ?? throw new RecoveryException(symbol.Id, 1, "it was deleted, as were all others, and no snapshot helps");

    /// <summary>The lost state is found.</summary>
    public void Restore(HostedSymbol found)
    {
        restore = null;
        symbol.State = found.State;
        symbol.LastEvent = symbol.LastFolded = found.LastFolded;
        GoOn();
    }

    /// <summary>The lost state cannot be found: the symbol is quarantined with none.</summary>
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
