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
