using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a node for <see cref="NodeLedger"/>.</summary>
internal sealed class GetLedger
{
    public static readonly GetLedger Instance = new();

    private GetLedger()
    {
    }
}

/// <summary>Ledger of all records that one node accepted.</summary>
internal sealed record NodeLedger(IReadOnlyList<LedgerLine> Lines);

/// <summary>
/// Subscribes to symbols, or unsubscribes from them (with all symbols known so far). Answered with
/// <see cref="SubscriptionsChanged"/>.
/// </summary>
internal sealed record ChangeSubscriptions(bool Adds, IReadOnlyList<Symbol> Symbols, IReadOnlyList<Symbol> Known);

/// <summary>Removes the list of subscriptions. Answered with <see cref="SubscriptionsChanged"/>.</summary>
internal sealed class ClearSubscriptions
{
    public static readonly ClearSubscriptions Instance = new();

    private ClearSubscriptions()
    {
    }
}

/// <summary>The list of subscriptions is durable up to this event.</summary>
internal sealed record SubscriptionsChanged(long LastEvent);

/// <summary>
/// Changes the plan to the given canonical JSON; with <paramref name="IsFirst"/> only if there is no plan yet. Answered with
/// <see cref="PlanChanged"/>. An invalid plan is not answered.
/// </summary>
internal sealed record ChangePlan(byte[] Json, bool IsFirst = false);

/// <summary>
/// Changes the exclusions of a symbol; the payload is that of the journal. Answered with <see cref="PlanChanged"/>, even if it was
/// done before. An invalid change is not answered.
/// </summary>
internal sealed record ChangeExclusions(byte[] Change);

/// <summary>Number of durable plan changes; as the answer of a node: number of plan changes that it has applied.</summary>
internal sealed record PlanChanged(long Plans);

/// <summary>Asks a node for the number of plan changes that it has applied: <see cref="PlanChanged"/>.</summary>
internal sealed class GetPlan
{
    public static readonly GetPlan Instance = new();

    private GetPlan()
    {
    }
}
