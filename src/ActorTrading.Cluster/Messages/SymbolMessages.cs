using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>A message that finds its symbol wherever in the cluster that is hosted.</summary>
internal interface ISymbolMessage
{
    Symbol Symbol { get; }
}

/// <summary>
/// What a window sends to a symbol and keeps until it is answered: numbered by its sender, each greater than the one before.
/// </summary>
internal interface INumbered : ISymbolMessage
{
    Guid Sender { get; }

    long Number { get; }
}

/// <summary>Records of one symbol, in their order, none of which breaks a rule that can be checked without its state.</summary>
internal sealed record SymbolBatch(Symbol Symbol, Guid Sender, long Number, ReadOnlyMemory<Record> Records) : INumbered;

/// <summary>Exchange time has come to a moment; of no concern to a symbol that nothing was accepted of.</summary>
internal sealed record AdvanceSymbol(Symbol Symbol, Guid Sender, long Number, Timestamp To) : INumbered;

/// <summary>What was asked is durable and folded: an <see cref="RecordOutcome"/> for each record of the batch, none for a clock.</summary>
internal sealed record BatchAck(Symbol Symbol, Guid Sender, long Number, byte[] Outcomes);

/// <summary>Asks for <see cref="SymbolStateBytes"/>.</summary>
internal sealed record GetSymbolState(Symbol Symbol) : ISymbolMessage;

/// <summary>A state as a snapshot would hold it; empty where nothing was accepted.</summary>
internal sealed record SymbolStateBytes(Symbol Symbol, byte[] Snapshot);

/// <summary>Asks for <see cref="SymbolGlance"/>.</summary>
internal sealed record GetSymbolGlance(Symbol Symbol) : ISymbolMessage;

/// <summary>
/// A symbol at a glance; <see cref="Events"/> is 0 where nothing was accepted. <see cref="Unconfirmed"/>: signals of which it
/// does not know yet that they are logged.
/// </summary>
internal sealed record SymbolGlance(
    Symbol Symbol, long Events, long LastPrice, Timestamp LastTime, long Applied, long Late, long Signals, long Unconfirmed,
    string? Quarantine);

/// <summary>Asks for <see cref="SymbolGauges"/>.</summary>
internal sealed record GetSymbolGauges(Symbol Symbol) : ISymbolMessage;

/// <summary>What the gauges of a symbol show; null where nothing was accepted.</summary>
internal sealed record SymbolGauges(Symbol Symbol, Engine.SymbolReading? Reading);

/// <summary>Be folded by the plan with that number, or a later one; answered with <see cref="SymbolRefolded"/> when that is so.</summary>
internal sealed record RefoldSymbol(Symbol Symbol, long Plans) : ISymbolMessage;

/// <summary>A symbol is folded by the plan that was asked for, or by a later one.</summary>
internal sealed record SymbolRefolded(Symbol Symbol);

/// <summary>
/// Be deleted, by somebody with that name; answered with <see cref="SymbolDeletion"/> when that is durable, or was
/// before.
/// </summary>
internal sealed record DeleteSymbol(Symbol Symbol, Timestamp Time, string By) : ISymbolMessage;

/// <summary>
/// The last deletion of a symbol, by which it is gone: its event and the bytes of that; 0 and none where nothing was
/// ever accepted.
/// </summary>
internal sealed record SymbolDeletion(Symbol Symbol, long Event, byte[] Deletion, bool IsPurged);

/// <summary>Come to life if you are not: something of yours may not have been told yet.</summary>
internal sealed record WakeSymbol(Symbol Symbol) : ISymbolMessage;

/// <summary>Finish what is on its way to the journal, and stop. Never leaves its node.</summary>
internal sealed class StopSymbol
{
    public static readonly StopSymbol Instance = new();

    private StopSymbol()
    {
    }
}
