using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using Akka.Event;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// The fold of one symbol, behind its actor: records are judged ahead of the journal, and folded when they are durable. What throws there would throw
/// again, so that from then on the symbol refuses, and keeps the state that it had before. For one thread.
/// </summary>
internal sealed class SymbolFolding(SymbolHost host, HostedSymbol symbol, PartitionOutput output, ILoggingAdapter log)
{
    private SymbolState? accepting;

    /// <summary>Why the symbol refuses everything; null while it does not.</summary>
    public string? Quarantine { get; private set; }

    /// <summary>Whether records and clocks may be folded: something was accepted, and nothing threw.</summary>
    public bool IsUnderWay => accepting is not null && Quarantine is null;

    /// <summary>What was replayed is what is judged by.</summary>
    public void GoOn()
    {
        if (symbol.LastFolded > 0) accepting = symbol.State;
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
    public void Apply(Timestamp clock) => Fold.Apply(symbol.State, new ClockAdvanced(symbol.Symbol, clock), output);

    /// <summary>Quarantines the symbol, and brings its state back to where it was.</summary>
    /// <param name="sequenceNumber">The event that cannot be folded.</param>
    /// <param name="record">How many of its records can.</param>
    public void Stop(Exception cause, long sequenceNumber, int record)
    {
        Quarantine = cause.Message;
        log.Error(cause, "{0} is quarantined: record {1} of event {2} cannot be folded", symbol.Id, record + 1, sequenceNumber);
        output.Signals.Clear();
        if (cause is not RecoveryException) PoisonedState.GoBack(host.Store, symbol, sequenceNumber, record);
        accepting = symbol.State;
    }

    private Decision Decide(in Record record)
    {
        if (accepting is not null) return Fold.Decide(accepting, record);
        var decision = Fold.DecideFirst(symbol.State.Plan, record, out var state);
        if (state is not null) accepting = symbol.State = state;
        return decision;
    }
}
