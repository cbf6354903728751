using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// The events of a symbol that were written while its settings were in force. Plan changes have positions in the whole journal, and
/// events of a symbol have sequence numbers. The constructor looks up the sequence numbers at the plan changes. Blocks.
/// </summary>
internal sealed class PlanEpochs
{
    private readonly Stack<(long After, bool IsInForce)> turns = new();
    private readonly bool isFirst;

    /// <param name="after">Earlier events are not looked up.</param>
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
    /// The last event before the settings last came into force; 0 if they always were in force, or if that is before the events that
    /// were looked up.
    /// </summary>
    public long LastEarlier => turns.LastOrDefault() is { IsInForce: true } turn ? turn.After : 0;

    /// <summary>Whether the settings were in force for an event.</summary>
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

    /// <summary>Whether the settings were in force for any event after <paramref name="after"/>, up to <paramref name="last"/>.</summary>
    public bool ContainsAny(long after, long last) =>
        last > after && (Contains(after + 1) || turns.Any(turn => turn.IsInForce && turn.After > after && turn.After < last));
}
