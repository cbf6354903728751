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

/// <summary>What became of everything that one node took in.</summary>
internal sealed record NodeLedger(IReadOnlyList<LedgerLine> Lines);

/// <summary>
/// Subscribes to symbols, or (with all symbols that are known so far) unsubscribes from them; answered with
/// <see cref="SubscriptionsChanged"/>.
/// </summary>
internal sealed record ChangeSubscriptions(bool Adds, IReadOnlyList<Symbol> Symbols, IReadOnlyList<Symbol> Known);

/// <summary>Takes the list of subscriptions away; answered with <see cref="SubscriptionsChanged"/>.</summary>
internal sealed class ClearSubscriptions
{
    public static readonly ClearSubscriptions Instance = new();

    private ClearSubscriptions()
    {
    }
}

/// <summary>The list of subscriptions is durable up to that change of it.</summary>
internal sealed record SubscriptionsChanged(long LastEvent);

/// <summary>
/// Goes over to a plan, as its canonical JSON, or (<paramref name="IsFirst"/>) only where there is none yet; answered with
/// <see cref="PlanChanged"/>, and not at all if it is none.
/// </summary>
internal sealed record ChangePlan(byte[] Json, bool IsFirst = false);

/// <summary>
/// Changes the exclusions of a symbol, by the payload that the journal keeps; answered with <see cref="PlanChanged"/>, also where
/// that was done before, and not at all if it is none.
/// </summary>
internal sealed record ChangeExclusions(byte[] Change);

/// <summary>So many plans are durable; as an answer of a node: it has gone over to the last of so many.</summary>
internal sealed record PlanChanged(long Plans);

/// <summary>Asks a node how far it has come with plans: for <see cref="PlanChanged"/>.</summary>
internal sealed class GetPlan
{
    public static readonly GetPlan Instance = new();

    private GetPlan()
    {
    }
}
