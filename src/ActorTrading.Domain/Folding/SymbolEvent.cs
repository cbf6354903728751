using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>
/// What happened to a symbol, as a journal keeps it. A symbol's state is the fold of its events in their order;
/// where one batch ends and the next begins has no meaning.
/// </summary>
public abstract record SymbolEvent(Symbol Symbol);

/// <summary>
/// Records of the symbol were accepted, in this order: new to it and within the rules. (What was late is among
/// them; the fold tells.) When all of them are ticks, journals know the event as <c>TicksAccepted</c>.
/// </summary>
public sealed record RecordsAccepted(Symbol Symbol, IReadOnlyList<Record> Records) : SymbolEvent(Symbol);

/// <summary>
/// A wall clock said that exchange time has come to <paramref name="To"/>, though no record of the symbol did:
/// bars that end by then are closed. Journaled so that a replay sees it too.
/// </summary>
public sealed record ClockAdvanced(Symbol Symbol, Timestamp To) : SymbolEvent(Symbol);

/// <summary>
/// An operator deleted the symbol: all its events before are void, and may be gone. It is as if it had never been, but
/// for the last records of its sources: one that is sent again is still a duplicate.
/// </summary>
/// <param name="Time">When, by the clock of the node that was asked.</param>
/// <param name="By">The name by which the access rules know who asked for it; empty where there are none.</param>
/// <param name="Newest">Of each source the newest sequenced record that was accepted, ordered by source.</param>
public sealed record SymbolDeleted(Symbol Symbol, Timestamp Time, string By, IReadOnlyList<Identity> Newest) : SymbolEvent(Symbol)
{
    /// <summary>Longest <see cref="By"/>, in characters; what is beyond is cut off.</summary>
    public const int MaxName = 60;

    /// <summary>
    /// The number that the signals of a symbol follow which was deleted by the event with that number: beyond those of
    /// its signals before, by whichever plan.
    /// </summary>
    public static long LastSignalBefore(long sequenceNumber) => sequenceNumber << 32;

    /// <summary>The event that deleted a symbol before it came to a signal with that number; 0 for none.</summary>
    public static long DeletionBefore(long signalNumber) => signalNumber >> 32;
}
