using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Deleting;

/// <summary>What came of asking to delete a symbol.</summary>
/// <param name="Event">The number of the event that deleted it; 0 where nothing of it was ever accepted.</param>
/// <param name="Deleted">That event: who deleted it, and when. Null where there is none.</param>
/// <param name="IsChanged">Whether it was deleted by this; otherwise it was deleted before, or never there.</param>
/// <param name="IsPurged">Whether the events before are gone from the journal; otherwise that is tried again.</param>
public sealed record DeletionOutcome(Symbol Symbol, long Event, SymbolDeleted? Deleted, bool IsChanged, bool IsPurged);
