using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using Akka.Event;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Quarantine of one symbol. If the folding of a record throws, it would throw again on replay: the symbol is quarantined with the state
/// before that record, which must be read from the journal. Not thread-safe.
/// </summary>
internal sealed class SymbolQuarantine(HostedSymbol symbol, SymbolOutput output, ILoggingAdapter log)
{
    private static readonly byte Rejected = RecordOutcome.Refused(RejectReason.SymbolQuarantined);

    private Func<IJournalStore, HostedSymbol?>? restore;

    /// <summary>Why the symbol is quarantined and rejects all records; null: it is not quarantined.</summary>
    public string? Reason { get; private set; }

    /// <summary>Whether the symbol is quarantined.</summary>
    public bool IsOn => Reason is not null;

    /// <summary>Whether the state is invalid and must be read from the journal before it is used.</summary>
    public bool IsStateLost => restore is not null;

    /// <summary>The outcomes of records that arrive in the quarantine.</summary>
    public static byte[] Reject(int count)
    {
        var outcomes = new byte[count];
        Array.Fill(outcomes, Rejected);
        return outcomes;
    }

    /// <summary>Corrects the outcomes of records that were accepted before the quarantine.</summary>
    public static void Reject(byte[] outcomes) => outcomes.AsSpan().Replace(RecordOutcome.Applied, Rejected);

    /// <summary>
    /// Begins the quarantine. After an exception of a record its state is lost, because the record may have changed a part of it.
    /// </summary>
    /// <param name="sequenceNumber">The event that cannot be folded.</param>
    /// <param name="record">Number of its records that can be folded.</param>
    public void Begin(Exception cause, long sequenceNumber, int record)
    {
        Reason = cause.Message;
        log.Error(cause, "{0} is quarantined: record {1} of event {2} cannot be folded", symbol.Id, record + 1, sequenceNumber);
        output.Signals.Clear();
        if (cause is RecoveryException) return;
        LoseState((store, name, plan) => StateHistory.Within(store, name, plan, sequenceNumber, record));
    }

    /// <summary>Ends the quarantine, because the symbol was deleted.</summary>
    public void End() => (Reason, restore) = (null, null);

    /// <summary>Marks the state as lost; it must be read from the journal.</summary>
    public void LoseState(Func<IJournalStore, Symbol, SymbolPlan, HostedSymbol?> read)
    {
        var (name, plan) = (symbol.Symbol, symbol.State.Plan);
        restore = store => read(store, name, plan);
    }

    /// <summary>Reads the lost state. Thread-safe. Blocks.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public HostedSymbol ReadState(IJournalStore store) =>
        restore!(store) ?? throw new RecoveryException(symbol.Id, 1, "it and all other events were deleted, and no snapshot is usable");

    /// <summary>Replaces the lost state by the one that was read.</summary>
    public void RestoreState(HostedSymbol found)
    {
        restore = null;
        symbol.State = found.State;
        symbol.LastEvent = symbol.LastFolded = found.LastFolded;
    }

    /// <summary>Gives up the lost state: the symbol is quarantined without a state.</summary>
    public void GiveUpState(Exception cause)
    {
        restore = null;
        Reason ??= cause.Message;
        log.Error(cause, "{0} is quarantined: no snapshot is usable, and events are missing or damaged", symbol.Id);
        symbol.State = new SymbolState(symbol.Symbol, symbol.State.Plan);
        symbol.LastEvent = symbol.LastFolded = 0;
    }
}
