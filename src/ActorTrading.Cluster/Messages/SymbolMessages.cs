using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
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

/// <summary>Parts of a <see cref="SymbolAnswer"/> that are made only on request, because they cost time or bytes.</summary>
[Flags]
internal enum SymbolParts : byte
{
    None = 0,

    /// <summary>The state hash, in <see cref="SymbolAnswer.Entry"/>.</summary>
    Hash = 1,

    Gauges = 2,
    Market = 4,
    State = 8,
    All = Hash | Gauges | Market | State,
}

/// <summary>
/// Asks a symbol for a <see cref="SymbolAnswer"/>. Sent to the shard region, it activates the symbol and delays its passivation. Sent to
/// a <see cref="Queries.SymbolDirectoryActor"/>, it reaches the symbol only if it is active on that node, and affects neither.
/// </summary>
/// <param name="Seen">The version that the requester has: market and state are left out if it is the current one. Default: none.</param>
internal sealed record GetSymbol(Symbol Symbol, SymbolParts Parts = SymbolParts.None, StateVersion Seen = default) : ISymbolMessage;

/// <summary>A symbol at one moment. The requested parts are left out, too, if none of its records was accepted.</summary>
/// <param name="Version">The current version; default: the symbol is not active on the node that was asked.</param>
internal sealed record SymbolAnswer(StateVersion Version, DirectoryEntry Entry)
{
    public bool IsAwake => Version != default;

    /// <summary>Number of its signals that are not confirmed as logged.</summary>
    public long Unconfirmed { get; init; }

    /// <summary>Reason why it is in quarantine; null: it is not.</summary>
    public string? Quarantine { get; init; }

    public SymbolReading? Gauges { get; init; }

    public MarketReading? Market { get; init; }

    /// <summary>The state as in a snapshot; empty: left out.</summary>
    public byte[] State { get; init; } = [];

    /// <summary>Answer for a symbol that is not active.</summary>
    public static SymbolAnswer Asleep(Symbol symbol) =>
        new(default, new DirectoryEntry(new SymbolSummary(symbol, 0, default, 0, 0, 0, 0), 0, null));
}

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
