using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// An event or a snapshot as the journal keeps it: our own bytes and their name (<see cref="EventManifests"/>). The serializer hands them
/// through, so that the rows are those which the embedded engine writes.
/// </summary>
internal sealed record JournaledBytes(string Manifest, byte[] Payload);
