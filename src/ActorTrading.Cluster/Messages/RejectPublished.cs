using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Input that a node rejected at its listeners, published on the topic <see cref="Signals.Topics.Rejects"/> when it is durable in
/// that node's quarantine. The message may be lost; the quarantine has the input.
/// </summary>
/// <param name="Time">Time of the rejection by the clock of the node.</param>
/// <param name="Listener">Listener that received it: <c>tcp</c>, <c>http</c>.</param>
/// <param name="Symbol">Its symbol; null if the input is not a record.</param>
/// <param name="Id">Its sender and sequence number, as far as they could be read.</param>
/// <param name="Rejection">Reason, with the field and the invalid value.</param>
/// <param name="Raw">The raw input, or at least its beginning.</param>
public sealed record RejectPublished(Timestamp Time, string Listener, Symbol? Symbol, Identity Id, Rejection Rejection, string Raw);
