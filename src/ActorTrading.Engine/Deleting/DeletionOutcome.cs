using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Deleting;

/// <summary>The outcome of deleting a symbol.</summary>
/// <param name="Event">The number of the event that deleted the symbol; 0 if no record of it was ever accepted.</param>
/// <param name="Deleted">That event, with the caller and the time; null if there is none.</param>
/// <param name="IsChanged">Whether this call deleted it; false if it was deleted before, or never existed.</param>
/// <param name="IsPurged">Whether the earlier events are removed from the journal; if not, the removal is tried again.</param>
public sealed record DeletionOutcome(Symbol Symbol, long Event, SymbolDeleted? Deleted, bool IsChanged, bool IsPurged);
