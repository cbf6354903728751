using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// An event or snapshot as stored in the journal: encoded bytes and their manifest (<see cref="EventManifests"/>). The serializer
/// passes them through unchanged, so the rows equal those of the embedded engine.
/// </summary>
internal sealed record JournaledBytes(string Manifest, byte[] Payload);
