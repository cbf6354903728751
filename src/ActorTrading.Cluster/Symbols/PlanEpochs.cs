using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Which events of a symbol were written while its settings were in force. Plans have places among all events of the journal, and
/// events of a symbol have numbers of its own: those at which a plan came into force are looked up. Blocks.
/// </summary>
internal sealed class PlanEpochs
{
    private readonly Stack<(long After, bool IsInForce)> turns = new();
    private readonly bool isFirst;

    /// <param name="after">What comes before that event is not asked for.</param>
    public PlanEpochs(IJournalStore store, PlanHistory plans, Symbol symbol, SymbolPlan plan, long after)
    {
        var settings = plan.Settings.Hash;
        var all = plans.Turns(symbol, settings).ToList();
        isFirst = all.Count == 0 ? plans.IsInForce(symbol, settings, 0) : !all[0].IsInForce;
        for (var i = all.Count - 1; i >= 0; i--)
        {
            var last = EventPlaces.LastBefore(store, PersistenceIds.Of(symbol), all[i].Ordering);
            turns.Push((last, all[i].IsInForce));
            if (last <= after) break;
        }
    }

    /// <summary>
    /// The last event before the settings came into force the last time; 0 where they always were, or where that is further
    /// back than what was asked for.
    /// </summary>
    public long LastEarlier => turns.LastOrDefault() is { IsInForce: true } turn ? turn.After : 0;

    /// <summary>Whether an event was.</summary>
    public bool Contains(long sequenceNumber)
    {
        var isInForce = isFirst;
        foreach (var (after, turned) in turns)
        {
            if (after >= sequenceNumber) break;
            isInForce = turned;
        }

        return isInForce;
    }

    /// <summary>Whether any event behind one, up to another, was.</summary>
    public bool ContainsAny(long after, long last) =>
        last > after && (Contains(after + 1) || turns.Any(turn => turn.IsInForce && turn.After > after && turn.After < last));
}
