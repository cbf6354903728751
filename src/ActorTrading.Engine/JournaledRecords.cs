using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// An event of a symbol in the journal: accepted records in order, or no records and the new time of its clock. <see cref="Position"/>
/// increases from event to event, with gaps; <see cref="Event"/> numbers the events of the symbol from 1.
/// </summary>
public sealed record JournaledRecords(long Position, Symbol Symbol, long Event, IReadOnlyList<Record> Records, Timestamp? Clock);
