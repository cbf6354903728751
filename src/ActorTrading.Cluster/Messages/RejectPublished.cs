using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Something that a node refused at its doors, once it is durable in that node's quarantine, on the topic
/// <see cref="Signals.Topics.Rejects"/>. May be lost; the quarantine has it.
/// </summary>
/// <param name="Time">When, by the clock of the node.</param>
/// <param name="Door">Where it came in: <c>tcp</c>, <c>http</c>.</param>
/// <param name="Symbol">Its symbol; null where it made no record.</param>
/// <param name="Id">Who sent it, as far as that could be read.</param>
/// <param name="Rejection">Why, with the field and the value at fault.</param>
/// <param name="Raw">How it looked, its beginning at least.</param>
public sealed record RejectPublished(Timestamp Time, string Door, Symbol? Symbol, Identity Id, Rejection Rejection, string Raw);
