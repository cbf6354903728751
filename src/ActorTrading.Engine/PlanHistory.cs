using System.Collections.Immutable;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine;

/// <summary>
/// The plans of a journal. Each plan is in force for the events written after it; the first plan also applies to the events before it. An
/// exclusion of records makes a new plan, because it changes the fold of its symbol from the first event on. A signal is in the log if the
/// plan that gives it was in force when its event was written. Immutable; folded from the journal's plan events.
/// </summary>
public sealed class PlanHistory
{
    private readonly ImmutableArray<(long Ordering, Plan Plan)> plans;

    private PlanHistory(ImmutableArray<(long Ordering, Plan Plan)> plans) => this.plans = plans;

    /// <summary>No plan was journaled: the current one applies to all events.</summary>
    public static PlanHistory None { get; } = new([]);

    /// <summary>The plan in force at the end of the journal; null if none was journaled.</summary>
    public Plan? Present => plans.IsEmpty ? null : plans[^1].Plan;

    /// <summary>Number of journaled plans and exclusions; also the number of the last such event.</summary>
    public int Count => plans.Length;

    /// <summary>Reads the plan events that were journaled since this history was read.</summary>
    /// <exception cref="RecoveryException">A plan is missing or damaged.</exception>
    public PlanHistory ReadOn(IJournalStore store)
    {
        var read = TryReadOn(store, out var fault);
        return fault is null ? read : throw new RecoveryException(PersistenceIds.Plan, read.Count + 1, fault);
    }

    /// <summary>The history with one more plan; <paramref name="ordering"/> is the position of its event in the journal.</summary>
    public PlanHistory After(Plan plan, long ordering) => new(plans.Add((ordering, plan)));

    /// <summary>The last change of the exclusions of a symbol: its number and its position in the journal; null if there is none.</summary>
    public (int Number, long Ordering)? LastExclusionOf(Symbol symbol)
    {
        for (var at = plans.Length - 1; at > 0; at--)
        {
            if (plans[at].Plan.For(symbol).Exclusions?.Hash != plans[at - 1].Plan.For(symbol).Exclusions?.Hash)
                return (at + 1, plans[at].Ordering);
        }

        return null;
    }

    /// <summary>All settings that the symbol has ever had, by their hashes.</summary>
    internal Dictionary<PlanHash, PlanSettings> SettingsOf(Symbol symbol)
    {
        var settings = new Dictionary<PlanHash, PlanSettings>();
        foreach (var (_, plan) in plans) settings.TryAdd(plan.For(symbol).Hash, plan.For(symbol));
        return settings;
    }

    /// <summary>The history after the next plan event of the journal; false with the fault if that event is damaged.</summary>
    internal bool TryAfter(string manifest, ReadOnlySpan<byte> payload, long ordering, out PlanHistory next, out string fault)
    {
        (next, fault) = (this, "");
        if (manifest == EventManifests.Plan)
        {
            if (PlanCodec.TryDecode(payload, out var plan, out var error))
                next = After(Present is { } before ? plan.WithExclusionsOf(before) : plan, ordering);
            else fault = error.ToString();
        }
        else if (manifest == EventManifests.Exclusion)
        {
            if (!ExclusionCodec.TryDecode(payload, out var change, out var error)) fault = error.ToString();
            else if (Present is null) fault = "an exclusion before the first plan";
            else next = After(With(Present, change, Count + 1), ordering);
        }
        else
        {
            fault = $"not a plan, but '{manifest}'";
        }

        return fault.Length == 0;
    }

    /// <summary>The plan after a change of exclusions with that number.</summary>
    internal static Plan With(Plan plan, ExclusionChange change, long number)
    {
        var present = plan.For(change.Symbol).Exclusions;
        return plan.With(
            change.Symbol,
            change.Added is { } added ? Exclusions.With(present, added with { Number = number }) : present?.Without(change.TakenBack));
    }

    /// <summary>Whether the symbol was folded with these settings when the event at that journal position was written.</summary>
    public bool IsInForce(Symbol symbol, in PlanHash settings, long ordering) =>
        At(ordering) is not { } plan || plan.For(symbol).Hash == settings;

    /// <summary>Whether the symbol was folded with these settings from the first event on.</summary>
    public bool IsAlwaysInForce(Symbol symbol, PlanHash settings) => plans.All(entry => entry.Plan.For(symbol).Hash == settings);

    /// <summary>The plan in force when the event at that journal position was written; null if no plan was journaled.</summary>
    public Plan? At(long ordering)
    {
        if (plans.Length == 0) return null;
        var at = plans.Length - 1;
        while (at > 0 && plans[at].Ordering > ordering) at--;
        return plans[at].Plan;
    }

    /// <summary>The journal positions at which these settings came into force, or went out of force, for a symbol; in order.</summary>
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

    /// <summary>Reads up to the first plan that is missing or damaged, and returns the fault of that plan.</summary>
    internal PlanHistory TryReadOn(IJournalStore store, out string? fault)
    {
        var read = this;
        string? found = null;
        var head = store.HighestSequenceNumber(PersistenceIds.Plan); // before the other reads: another process may be writing
        store.Read(PersistenceIds.Plan, Count + 1, long.MaxValue, (in JournalRow row) =>
        {
            if (row.SequenceNumber != read.Count + 1) found = $"it is missing; the next one is {row.SequenceNumber}";
            else if (row.SerializerId != EventManifests.SerializerId)
                found = $"not a plan, but '{row.Manifest}' of serializer {row.SerializerId}";
            else if (!read.TryAfter(row.Manifest, row.Payload, row.Ordering, out read, out var fault)) found = fault;
            return found is null;
        });
        if (found is null && read.Count < head) found = $"it and all up to {head} are missing";
        fault = found;
        return read;
    }
}
