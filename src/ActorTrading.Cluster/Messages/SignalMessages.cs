using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Unconfirmed signals of a symbol, from the first one, with consecutive numbers, encoded as in the signal log. Sent to the
/// administrator, at-least-once, until it is confirmed.
/// </summary>
internal sealed record SignalsFired(Symbol Symbol, PlanHash Plan, long First, IReadOnlyList<byte[]> Signals);

/// <summary>Confirms that the signals of a symbol up to this number are durable in the log.</summary>
internal sealed record SignalsLogged(Symbol Symbol, PlanHash Plan, long Last);
