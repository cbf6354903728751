using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a node for <see cref="NodeLedger"/>.</summary>
internal sealed class AskLedger
{
    public static readonly AskLedger Instance = new();

    private AskLedger()
    {
    }
}

/// <summary>What became of everything that one node took in.</summary>
internal sealed record NodeLedger(IReadOnlyList<LedgerLine> Lines);

/// <summary>
/// Subscribes to symbols, or (with all symbols that are known so far) unsubscribes from them; answered with <see cref="SubscriptionsChanged"/>.
/// </summary>
internal sealed record ChangeSubscriptions(bool Adds, IReadOnlyList<Symbol> Symbols, IReadOnlyList<Symbol> Known);

/// <summary>The list of subscriptions is durable up to that change of it.</summary>
internal sealed record SubscriptionsChanged(long LastEvent);
