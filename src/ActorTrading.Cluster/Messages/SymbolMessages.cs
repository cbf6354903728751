using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Messages;

/// <summary>A message to a symbol, routed by the shard region.</summary>
internal interface ISymbolMessage
{
    Symbol Symbol { get; }
}

/// <summary>A message that a window resends until it is answered. The numbers of a sender increase.</summary>
internal interface INumbered : ISymbolMessage
{
    Guid Sender { get; }

    long Number { get; }
}

/// <summary>Records of one symbol, in their order. They have passed all checks that need no symbol state.</summary>
internal sealed record SymbolBatch(Symbol Symbol, Guid Sender, long Number, ReadOnlyMemory<Record> Records) : INumbered;

/// <summary>Advances the exchange time. A symbol without accepted records ignores it.</summary>
internal sealed record AdvanceSymbol(Symbol Symbol, Guid Sender, long Number, Timestamp To) : INumbered;

/// <summary>
/// Answer: the message is durable and folded. Contains a <see cref="RecordOutcome"/> for each record of a batch, none for a clock
/// advance.
/// </summary>
internal sealed record BatchAck(Symbol Symbol, Guid Sender, long Number, byte[] Outcomes);

/// <summary>Asks for the state of a symbol: <see cref="SymbolStateBytes"/>.</summary>
internal sealed record GetSymbolState(Symbol Symbol) : ISymbolMessage;

/// <summary>A state as in a snapshot; empty if no record was accepted.</summary>
internal sealed record SymbolStateBytes(Symbol Symbol, byte[] Snapshot);

/// <summary>Asks for a short summary of a symbol: <see cref="SymbolGlance"/>.</summary>
internal sealed record GetSymbolGlance(Symbol Symbol) : ISymbolMessage;

/// <summary>
/// Short summary of a symbol. <see cref="Events"/> is 0 if no record was accepted. <see cref="Unconfirmed"/>: number of signals that
/// are not confirmed as logged.
/// </summary>
internal sealed record SymbolGlance(
    Symbol Symbol, long Events, long LastPrice, Timestamp LastTime, long Applied, long Late, long Signals, long Unconfirmed,
    string? Quarantine);

/// <summary>Asks for the gauges of a symbol: <see cref="SymbolGauges"/>.</summary>
internal sealed record GetSymbolGauges(Symbol Symbol) : ISymbolMessage;

/// <summary>Gauges of a symbol; null if no record was accepted.</summary>
internal sealed record SymbolGauges(Symbol Symbol, Engine.SymbolReading? Reading);

/// <summary>
/// Folds a symbol by the plan with this number or a later one. Answered with <see cref="SymbolRefolded"/> when that is done.
/// </summary>
internal sealed record RefoldSymbol(Symbol Symbol, long Plans) : ISymbolMessage;

/// <summary>The symbol is folded by the requested plan or a later one.</summary>
internal sealed record SymbolRefolded(Symbol Symbol);

/// <summary>
/// Deletes a symbol; <paramref name="By"/> is the name of the user. Answered with <see cref="SymbolDeletion"/> when the deletion is
/// durable, or was before.
/// </summary>
internal sealed record DeleteSymbol(Symbol Symbol, Timestamp Time, string By) : ISymbolMessage;

/// <summary>
/// The last deletion of a symbol: the number of its event, and the event's bytes; 0 and empty if no record was ever accepted.
/// </summary>
internal sealed record SymbolDeletion(Symbol Symbol, long Event, byte[] Deletion, bool IsPurged);

/// <summary>Activates a symbol, because some of its signals may not be logged yet.</summary>
internal sealed record WakeSymbol(Symbol Symbol) : ISymbolMessage;

/// <summary>Finish pending journal writes, then stop. Local to the node.</summary>
internal sealed class StopSymbol
{
    public static readonly StopSymbol Instance = new();

    private StopSymbol()
    {
    }
}
