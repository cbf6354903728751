using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Sends queries to symbols and nodes while this node is in its cluster. Thread-safe.</summary>
/// <param name="stopped">Returns why no queries are possible any more; null while they are.</param>
internal sealed class ClusterQueries(
    ActorSystem system, IActorRef region, IJournalStore store, TimeSpan patience, Func<EngineStoppedException?> stopped)
{
    private const int AskedAtOnce = 128;

    private static readonly TimeSpan Once = TimeSpan.FromSeconds(5);

    /// <summary>The cluster members.</summary>
    public Members Members { get; } = new(system);

    /// <summary>Whether this node has left its cluster.</summary>
    public bool IsStopped => stopped() is not null;

    /// <summary>
    /// Asks a symbol, wherever it is hosted, until it answers. Messages may be lost during a hand-off, so the query is repeated.
    /// </summary>
    public Task<T> AskAsync<T>(ISymbolMessage question, CancellationToken cancellation) => AskAsync<T>(region, question, cancellation);

    /// <summary>Repeats a query until it is answered.</summary>
    /// <exception cref="AskTimeoutException">No answer within the timeout.</exception>
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

    /// <summary>Asks a symbol once; null without an answer.</summary>
    public Task<T?> TryAskAsync<T>(ISymbolMessage question, CancellationToken cancellation)
        where T : class => OrNullAsync(region.Ask<T>(question, Once, cancellation));

    /// <summary>Asks an actor of a node once; null without an answer in time.</summary>
    /// <param name="within">The timeout; default: five seconds.</param>
    public Task<T?> TryAskAsync<T>(Member node, string path, object question, CancellationToken cancellation, TimeSpan? within = null)
        where T : class => OrNullAsync(system.ActorSelection(node.Address + path).Ask<T>(question, within ?? Once, cancellation));

    /// <summary>Every symbol with events in the journal, with its highest sequence number.</summary>
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

    /// <summary>Runs a query for each symbol, 128 at a time.</summary>
    public static Task ForEachAsync(
        IEnumerable<Symbol> symbols, Func<Symbol, CancellationToken, ValueTask> ask, CancellationToken cancellation) =>
        Parallel.ForEachAsync(symbols, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellation }, ask);

    /// <exception cref="EngineStoppedException">This node is no longer in its cluster.</exception>
    public void ThrowIfStopped()
    {
        if (stopped() is { } why) throw why.Copy();
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
