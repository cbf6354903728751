using System.Collections.Concurrent;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>Query of a passivated symbol: reads it from the journal, outside its partition, without activating it. Thread-safe.</summary>
/// <param name="sleeper">A copy of the passivated symbol.</param>
internal sealed class PassivatedRead(PassivatedSymbol sleeper, SymbolPlan plan, IJournalStore store)
{
    private static readonly int ReadAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    public Symbol Symbol => sleeper.Symbol;

    public StateVersion Version => new(sleeper.LastEvent, plan.Settings.Hash);

    /// <summary>Reads the symbol from the journal.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public Task<HostedSymbol> ReadAsync(CancellationToken cancellation) =>
        ReadingThreads.OfQueries.RunAsync(() => Read(store.Until(cancellation)), cancellation);

    /// <summary>Reads many symbols, a limited number at a time.</summary>
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
            // The symbol may have been activated meanwhile, and events between its snapshot and the last event may have been deleted.
            return sleeper.Read(journal, plan);
        }
    }
}
