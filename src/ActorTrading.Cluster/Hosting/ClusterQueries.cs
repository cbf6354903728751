using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Asks symbols and nodes, for as long as this node is in its cluster. Safe for any number of threads.</summary>
/// <param name="stopped">Why nothing is to be asked any more; null while it may be.</param>
internal sealed class ClusterQueries(
    ActorSystem system, IActorRef region, IJournalStore store, TimeSpan patience, Func<EngineStoppedException?> stopped)
{
    private const int AskedAtOnce = 128;

    private static readonly TimeSpan Once = TimeSpan.FromSeconds(5);

    /// <summary>Who can be asked.</summary>
    public Members Members { get; } = new(system);

    /// <summary>Whether this node is no longer in its cluster.</summary>
    public bool IsStopped => stopped() is not null;

    /// <summary>Asks a symbol until it answers, wherever it is: what is on its way while a shard moves may be lost.</summary>
    public Task<T> AskAsync<T>(ISymbolMessage question, CancellationToken cancellation) => AskAsync<T>(region, question, cancellation);

    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="AskTimeoutException">There was none for long enough.</exception>
    public async Task<T> AskAsync<T>(IActorRef whom, object question, CancellationToken cancellation)
    {
        var until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            ThrowIfStopped();
            try
            {
                return await whom.Ask<T>(question, Once, cancellation).ConfigureAwait(false);
            }
            catch (AskTimeoutException) when (Environment.TickCount64 < until)
            {
            }
        }
    }

    /// <summary>Asks a symbol once; null where it does not answer.</summary>
    public Task<T?> TryAskAsync<T>(ISymbolMessage question, CancellationToken cancellation)
        where T : class => OrNullAsync(region.Ask<T>(question, Once, cancellation));

    /// <summary>Asks an actor of a node once; null where it does not answer in time.</summary>
    /// <param name="within">How long that is; by default five seconds.</param>
    public Task<T?> TryAskAsync<T>(Member node, string path, object question, CancellationToken cancellation, TimeSpan? within = null)
        where T : class => OrNullAsync(system.ActorSelection(node.Address + path).Ask<T>(question, within ?? Once, cancellation));

    /// <summary>Every symbol that has an event in the journal, with the number of its last one.</summary>
    public Task<Dictionary<Symbol, long>> SymbolsAsync(CancellationToken cancellation)
    {
        ThrowIfStopped();
        return Task.Run(Heads, cancellation);

        Dictionary<Symbol, long> Heads()
        {
            var symbols = new Dictionary<Symbol, long>();
            foreach (var head in store.Heads())
            {
                if (PersistenceIds.SymbolOf(head.PersistenceId) is { } symbol) symbols.Add(symbol, head.HighestSequenceNumber);
            }

            return symbols;
        }
    }

    /// <summary>Asks something of each symbol, of many at once.</summary>
    public static Task ForEachAsync(
        IEnumerable<Symbol> symbols, Func<Symbol, CancellationToken, ValueTask> ask, CancellationToken cancellation) =>
        Parallel.ForEachAsync(symbols, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellation }, ask);

    /// <exception cref="EngineStoppedException">This node is no longer in its cluster.</exception>
    public void ThrowIfStopped()
    {
        if (stopped() is { } why) throw why.Again();
    }

    private static async Task<T?> OrNullAsync<T>(Task<T> answer)
        where T : class
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
