using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Signals;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Excluding;

/// <summary>
/// Finds the signals of a symbol that the log has and that its records, without those that are excluded, do not give: each by the
/// plan under which it was logged. What another reading of the same journal finds again has the same numbers, so that the log
/// takes each withdrawal once. Blocks.
/// </summary>
internal static class WithdrawnSignals
{
    /// <summary>
    /// Under which the withdrawals of a change of exclusions are in the signal log; <paramref name="number"/> is the change's.
    /// </summary>
    public static PlanHash KeyOf(long number) => PlanHash.OfText($"withdrawn by change {number}");

    /// <summary>Whether withdrawals may be missing from the log. A snapshot is taken when all of before is in the log.</summary>
    /// <param name="snapshot">The event that the symbol's snapshot by its present settings covers; 0 for none.</param>
    public static bool AreDue(IJournalStore store, PlanHistory plans, Symbol symbol, long snapshot) =>
        plans.LastExclusionOf(symbol) is { } last
            && (snapshot == 0 || snapshot < EventPlaces.LastBefore(store, PersistenceIds.Of(symbol), last.Ordering));

    /// <summary>What the last change of a symbol's exclusions changes among its signals.</summary>
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
            // The fold that gave it is the one of now.
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
        var before = SymbolDeleted.LastSignalBefore(EventPlaces.DeletionOf(store, PersistenceIds.Of(symbol))); // those stay as they are
        SignalLog.Scan(store, 1, store.HighestSequenceNumber(PersistenceIds.Administrator), (position, hash, signal) =>
        {
            if (!signal.Symbol.Equals(symbol)) return;
            if (signal.Action != SignalAction.Withdrawn && signal.Number <= before) return;
            if (signal.Action != SignalAction.Withdrawn) standing.Add(position, (hash, signal));
            else if (hash != key) standing.Remove(signal.Number);
        });
        return standing;
    }

    /// <summary>What a symbol's events give under some settings.</summary>
    private sealed class Refolded(long ordering) : IFoldOutput
    {
        private long folding;

        /// <summary>The ids of all signals.</summary>
        public HashSet<SignalId> Ids { get; } = [];

        /// <summary>Those on events of before the change.</summary>
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
