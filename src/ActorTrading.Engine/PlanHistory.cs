using System.Collections.Immutable;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine;

/// <summary>
/// The plans of a journal, each in force for the events that were written after it (the first for those before it, too). A signal is in the log if
/// the plan that gives it was in force when its event was written. Immutable; the fold of the journal's plan events.
/// </summary>
public sealed class PlanHistory
{
    private readonly ImmutableArray<(long Ordering, Plan Plan)> plans;

    private PlanHistory(ImmutableArray<(long Ordering, Plan Plan)> plans) => this.plans = plans;

    /// <summary>No plan was journaled: whichever it is, it always was.</summary>
    public static PlanHistory None { get; } = new([]);

    /// <summary>The plan in force where the journal ends; null where none was journaled.</summary>
    public Plan? Present => plans.IsEmpty ? null : plans[^1].Plan;

    /// <summary>How many plans were journaled: the number of the last event of them.</summary>
    public int Count => plans.Length;

    /// <summary>Reads what has been journaled since.</summary>
    /// <exception cref="RecoveryException">A plan is missing or damaged.</exception>
    public PlanHistory ReadOn(IJournalStore store)
    {
        var read = TryReadOn(store, out var fault);
        return fault is null ? read : throw new RecoveryException(PersistenceIds.Plan, read.Count + 1, fault);
    }

    /// <summary>The history with one more plan, whose event has that place in the journal.</summary>
    public PlanHistory After(Plan plan, long ordering) => new(plans.Add((ordering, plan)));

    /// <summary>Whether a symbol was folded by settings with that hash when what has that place in the journal was written.</summary>
    public bool IsInForce(Symbol symbol, in PlanHash settings, long ordering) => At(ordering) is not { } plan || plan.For(symbol).Hash == settings;

    /// <summary>Whether a symbol was folded by settings with that hash from the first event on.</summary>
    public bool IsAlwaysInForce(Symbol symbol, PlanHash settings) => plans.All(entry => entry.Plan.For(symbol).Hash == settings);

    /// <summary>The plan that was in force when what has that place in the journal was written; null where none was journaled.</summary>
    public Plan? At(long ordering)
    {
        if (plans.Length == 0) return null;
        var at = plans.Length - 1;
        while (at > 0 && plans[at].Ordering > ordering) at--;
        return plans[at].Plan;
    }

    /// <summary>The places in the journal at which settings with that hash came into force for a symbol, or went out of it, in their order.</summary>
    internal IEnumerable<(long Ordering, bool IsInForce)> Turns(Symbol symbol, PlanHash settings)
    {
        bool? before = null;
        foreach (var (ordering, plan) in plans)
        {
            var isInForce = plan.For(symbol).Hash == settings;
            if (before is not null && isInForce != before) yield return (ordering, isInForce);
            before = isInForce;
        }
    }

    /// <summary>Reads up to the first plan that is missing or damaged, and says what is wrong with that.</summary>
    internal PlanHistory TryReadOn(IJournalStore store, out string? fault)
    {
        var read = this;
        string? found = null;
        var head = store.HighestSequenceNumber(PersistenceIds.Plan); // before the rest: somebody may be writing
        store.Read(PersistenceIds.Plan, Count + 1, long.MaxValue, (in JournalRow row) =>
        {
            if (row.SequenceNumber != read.Count + 1) found = $"it is missing; the next one there is {row.SequenceNumber}";
            else if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Plan)
                found = $"not a plan, but '{row.Manifest}' of serializer {row.SerializerId}";
            else if (PlanCodec.TryDecode(row.Payload, out var plan, out var error)) read = read.After(plan, row.Ordering);
            else found = error.ToString();
            return found is null;
        });
        if (found is null && read.Count < head) found = $"it is missing, as is all up to {head}";
        fault = found;
        return read;
    }
}
