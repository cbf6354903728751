using System.Collections.Concurrent;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>A query of a symbol that sleeps: it is read from the journal, beside its partition, and sleeps on. For any thread.</summary>
/// <param name="sleeper">A copy.</param>
internal sealed class PassivatedRead(PassivatedSymbol sleeper, SymbolPlan plan, IJournalStore store)
{
    private static readonly int ReadAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    public Symbol Symbol => sleeper.Symbol;

    public StateVersion Version => new(sleeper.LastEvent, plan.Settings.Hash);

    /// <summary>The symbol as the journal has it.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public Task<HostedSymbol> ReadAsync(CancellationToken cancellation) =>
        ReadingThreads.OfQueries.RunAsync(() => Read(store.Until(cancellation)), cancellation);

    /// <summary>Reads many, some at a time.</summary>
    public static async Task<IReadOnlyCollection<T>> ReadAllAsync<T>(
        IReadOnlyCollection<PassivatedRead> looks, Func<HostedSymbol, T> of, CancellationToken cancellation)
    {
        if (looks.Count == 0) return [];
        var all = new ConcurrentBag<T>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(looks, options, async (look, token) => all.Add(of(await look.ReadAsync(token).ConfigureAwait(false))))
            .ConfigureAwait(false);
        return all;
    }

    private HostedSymbol Read(IJournalStore journal)
    {
        try
        {
            return sleeper.Read(journal, plan);
        }
        catch (RecoveryException)
        {
            // It may have woken meanwhile, and events may have been deleted between the snapshot and them.
            return sleeper.Read(journal, plan);
        }
    }
}
