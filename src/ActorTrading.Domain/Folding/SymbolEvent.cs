using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// A journaled event of a symbol. The symbol's state is the fold of its events in order. The boundaries between batches have no meaning.
/// </summary>
public abstract record SymbolEvent(Symbol Symbol);

/// <summary>
/// Records of the symbol were accepted, in this order. They are new and within the rules. Late records are included; the fold detects them.
/// If all of them are ticks, the journal's name of the event is <c>TicksAccepted</c>.
/// </summary>
public sealed record RecordsAccepted(Symbol Symbol, IReadOnlyList<Record> Records) : SymbolEvent(Symbol);

/// <summary>
/// Exchange time reached <paramref name="To"/> by the wall clock, without a record of the symbol: bars that end by then are closed.
/// Journaled so that a replay closes them too.
/// </summary>
public sealed record ClockAdvanced(Symbol Symbol, Timestamp To) : SymbolEvent(Symbol);

/// <summary>
/// An operator deleted the symbol. All earlier events are void, and the journal may have removed them. The symbol starts again without
/// state, except for the last records of its sources: a record sent again is still a duplicate.
/// </summary>
/// <param name="Time">Time of the request, by the clock of the node that received it.</param>
/// <param name="By">Name of the requester according to the access rules; empty without access rules.</param>
/// <param name="Newest">The newest accepted sequenced record of each source, ordered by source.</param>
public sealed record SymbolDeleted(Symbol Symbol, Timestamp Time, string By, IReadOnlyList<Identity> Newest) : SymbolEvent(Symbol)
{
    /// <summary>Maximum length of <see cref="By"/>, in characters; the rest is cut off.</summary>
    public const int MaxName = 60;

    /// <summary>
    /// The number before the first signal of a symbol that the event with that sequence number deleted. It is greater than the numbers of
    /// all its earlier signals, under any plan.
    /// </summary>
    public static long LastSignalBefore(long sequenceNumber) => sequenceNumber << 32;

    /// <summary>
    /// Sequence number of the event that deleted the symbol before it gave the signal with that number; 0 if there was none.
    /// </summary>
    public static long DeletionBefore(long signalNumber) => signalNumber >> 32;
}
