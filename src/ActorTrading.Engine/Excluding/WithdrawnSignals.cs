using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Signals;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Excluding;

/// <summary>
/// Finds logged signals of a symbol that its records, without the excluded ones, do not give; each with the plan under which it was logged.
/// Reading the same journal again gives the same numbers, so that each withdrawal is logged once. Blocks.
/// </summary>
internal static class WithdrawnSignals
{
    /// <summary>
    /// The key in the signal log for the withdrawals of a change of exclusions; <paramref name="number"/> is the number of the change.
    /// </summary>
    public static PlanHash KeyOf(long number) => PlanHash.OfText($"withdrawn by change {number}");

    /// <summary>
    /// Whether withdrawals may be missing from the log. A snapshot is taken only when all earlier withdrawals are in the log.
    /// </summary>
    /// <param name="snapshot">The event that the symbol's snapshot with its present settings covers; 0 for none.</param>
    public static bool AreDue(IJournalStore store, PlanHistory plans, Symbol symbol, long snapshot) =>
        plans.LastExclusionOf(symbol) is { } last
            && (snapshot == 0 || snapshot < EventPlaces.LastBefore(store, PersistenceIds.Of(symbol), last.Ordering));

    /// <summary>The changes among a symbol's signals caused by the last change of its exclusions.</summary>
    /// <exception cref="RecoveryException">The log or an event is missing or damaged.</exception>
    public static SignalChanges Find(IJournalStore store, PlanHistory plans, Symbol symbol, CancellationToken cancellation = default)
    {
        if (plans.LastExclusionOf(symbol) is not var (number, ordering)) return SignalChanges.None;
        var key = KeyOf(number);
        var present = plans.Present!.For(symbol);
        var known = plans.SettingsOf(symbol);
        var standing = Standing(store, symbol, key);
        var folds = new Dictionary<PlanHash, Refolded>();
        var withdrawn = new List<Signal>();
        foreach (var (position, (hash, signal)) in standing)
        {
            // The settings that gave it have the present exclusions.
            if (!known.TryGetValue(hash, out var settings) || settings.Exclusions?.Hash == present.Exclusions?.Hash) continue;
            if (Fold(settings.WithoutExclusions).Ids.Contains(SignalId.Of(signal))) continue;
            withdrawn.Add(signal with { Action = SignalAction.Withdrawn, Number = position });
        }

        var stands = standing.Values.Select(entry => SignalId.Of(entry.Signal)).ToHashSet();
        return new SignalChanges(
            key, withdrawn, [.. Fold(present.WithoutExclusions).Before.Where(signal => !stands.Contains(SignalId.Of(signal)))]);

        Refolded Fold(PlanSettings settings)
        {
            if (folds.TryGetValue(settings.Hash, out var fold)) return fold;
            return folds[settings.Hash] = Refolded.Of(store, symbol, settings.With(present.Exclusions), ordering, cancellation);
        }
    }

    /// <summary>The signals of a symbol by their positions in the log, without those that an earlier change withdrew.</summary>
    private static SortedDictionary<long, (PlanHash Hash, Signal Signal)> Standing(IJournalStore store, Symbol symbol, PlanHash key)
    {
        var standing = new SortedDictionary<long, (PlanHash Hash, Signal Signal)>();
        var before = SymbolDeleted.LastSignalBefore(EventPlaces.DeletionOf(store, PersistenceIds.Of(symbol))); // earlier ones stay
        SignalLog.Scan(store, 1, store.HighestSequenceNumber(PersistenceIds.Administrator), (position, hash, signal) =>
        {
            if (!signal.Symbol.Equals(symbol)) return;
            if (signal.Action != SignalAction.Withdrawn && signal.Number <= before) return;
            if (signal.Action != SignalAction.Withdrawn) standing.Add(position, (hash, signal));
            else if (hash != key) standing.Remove(signal.Number);
        });
        return standing;
    }

    /// <summary>The signals that a symbol's events give with some settings.</summary>
    private sealed class Refolded(long ordering) : IFoldOutput
    {
        private long folding;

        /// <summary>The ids of all signals.</summary>
        public HashSet<SignalId> Ids { get; } = [];

        /// <summary>The signals on events before the change.</summary>
        public List<Signal> Before { get; } = [];

        public static Refolded Of(IJournalStore store, Symbol symbol, PlanSettings settings, long ordering, CancellationToken cancellation)
        {
            var refolded = new Refolded(ordering);
            var hosted = new HostedSymbol(new SymbolState(symbol, new SymbolPlan(settings)));
            using var replay = new EventReplay(refolded);
            RecoveryException? failure = null;
            store.Read(hosted.Id, 1, long.MaxValue, (in JournalRow row) =>
            {
                try
                {
                    refolded.folding = row.Ordering;
                    replay.Fold(hosted, row);
                }
                catch (RecoveryException e)
                {
                    failure = e;
                }

                return failure is null && !cancellation.IsCancellationRequested;
            });
            cancellation.ThrowIfCancellationRequested();
            return failure is null ? refolded : throw failure;
        }

        void IFoldOutput.OnSignal(Signal signal)
        {
            Ids.Add(SignalId.Of(signal));
            if (folding < ordering) Before.Add(signal);
        }

        void IFoldOutput.OnBar(SymbolState symbol, Series series, in Bar bar)
        {
        }

        void IFoldOutput.OnLate(in Record record)
        {
        }

        void IFoldOutput.OnFault(IndicatorFault fault)
        {
        }
    }
}
