using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Signals of a symbol that it has no word of yet that they are logged, from the first of them on, in the order of their numbers,
/// as bytes of the signal log. Sent to the administrator until that answers.
/// </summary>
internal sealed record SignalsFired(Symbol Symbol, PlanHash Plan, long First, IReadOnlyList<byte[]> Signals);

/// <summary>The signals of a symbol up to that number are durable in the log.</summary>
internal sealed record SignalsLogged(Symbol Symbol, PlanHash Plan, long Last);
