using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Queries;

/// <summary>
/// Polls the market readings of all symbols of the cluster. Nodes report their active symbols; passivated ones are read from the
/// journal and stay passivated. A slow node delays only its own symbols. For one reader; not thread-safe.
/// </summary>
internal sealed class MarketView(NodeContext symbols, IJournalStore store, ClusterQueries queries)
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4);
    private static readonly int ReadAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly Dictionary<Symbol, long> known = []; // last event of each reading that was returned
    private readonly Dictionary<Address, Source> sources = [];
    private Dictionary<Symbol, long>? heads; // heads of the journal, some seconds old
    private long lookAt; // when the heads are compared with the known events
    private long headsAt;

    /// <summary>Returns all symbols first, then the changed ones once each interval.</summary>
    public async IAsyncEnumerable<IReadOnlyList<MarketReading>> FollowAsync(
        TimeSpan every, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var changed = await AwakeAsync(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        heads = await queries.SymbolsAsync(cancellation).ConfigureAwait(false);
        var passivated = heads.Keys.Where(symbol => !known.ContainsKey(symbol)).ToList();
        changed.AddRange(await SleepersAsync(passivated, cancellation).ConfigureAwait(false));
        lookAt = Now + (long)Settling.TotalMilliseconds; // a reported symbol may have been passivated since
        headsAt = Now + (long)RefreshInterval.TotalMilliseconds;
        while (true)
        {
            yield return changed;
            await Task.Delay(every, cancellation).ConfigureAwait(false);
            queries.ThrowIfStopped();
            changed = await AwakeAsync(Round, cancellation).ConfigureAwait(false);
            changed.AddRange(await LookAgainAsync(cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Once a minute, and when a node has gone, finds symbols that have more events in the journal than any node has reported within
    /// some seconds. They are passivated, and their last event was written between two reports.
    /// </summary>
    private async Task<List<MarketReading>> LookAgainAsync(CancellationToken cancellation)
    {
        if (heads is { } past && Now >= lookAt)
        {
            heads = null;
            var behind = past.Where(head => !known.TryGetValue(head.Key, out var events) || events < head.Value);
            return await SleepersAsync(behind.Select(head => head.Key).ToList(), cancellation).ConfigureAwait(false);
        }

        if (heads is null && Now >= headsAt)
        {
            headsAt = Now + (long)RefreshInterval.TotalMilliseconds;
            lookAt = Now + (long)Settling.TotalMilliseconds;
            try
            {
                heads = await queries.SymbolsAsync(cancellation).ConfigureAwait(false);
            }
            catch (JournalException)
            {
                // Active symbols are reported all the same.
            }
        }

        return [];
    }

    private static long Now => Environment.TickCount64;

    /// <summary>The readings that nodes have reported by the end of the round. A late node is waited for in later rounds.</summary>
    private async Task<List<MarketReading>> AwakeAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var hosts = queries.Members.Hosts.ToList();
        foreach (var gone in sources.Keys.Except(hosts.Select(node => node.Address)).ToList())
        {
            sources.Remove(gone);
            headsAt = Math.Min(headsAt, Now); // its symbols may have more events than it reported
        }

        foreach (var node in hosts)
        {
            if (!sources.TryGetValue(node.Address, out var source)) sources.Add(node.Address, source = new Source(node, queries));
            source.Ask(cancellation);
        }

        var asking = Task.WhenAll(sources.Values.Select(source => source.Asking));
        await Task.WhenAny(asking, Task.Delay(patience, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        var changed = new List<MarketReading>();
        foreach (var reading in sources.Values.SelectMany(source => source.Take()))
        {
            if (TryNote(reading)) changed.Add(reading);
        }

        return changed;
    }

    /// <summary>Readings from the journal, for symbols that no node reported.</summary>
    private async Task<List<MarketReading>> SleepersAsync(IEnumerable<Symbol> some, CancellationToken cancellation)
    {
        var readings = new ConcurrentBag<MarketReading>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(some, options, async (symbol, token) =>
        {
            var reading = await ReadingThreads.OfSubscribers.RunAsync(() => Read(symbol), token).ConfigureAwait(false);
            if (reading is not null) readings.Add(reading);
        }).ConfigureAwait(false);
        return [.. readings.Where(TryNote)];
    }

    private MarketReading? Read(Symbol symbol)
    {
        try
        {
            var found = StateHistory.Newest(store, symbol, symbols.PlanOf(symbol), symbols.BeforeFold);
            return found is { HasRecords: true } ? found.ReadMarket() : null;
        }
        catch (Exception)
        {
            return null; // damaged, or the journal does not answer: read again later
        }
    }

    /// <summary>False if the reading is older than the known one: from a disconnected node or an earlier incarnation.</summary>
    private bool TryNote(MarketReading reading)
    {
        if (known.TryGetValue(reading.Symbol, out var events) && events > reading.Events) return false;
        known[reading.Symbol] = reading.Events;
        return true;
    }

    /// <summary>A node, and the last change that it has reported.</summary>
    private sealed class Source(Member node, ClusterQueries queries)
    {
        private readonly List<MarketReading> told = [];
        private long collector;
        private long last;

        public Task Asking { get; private set; } = Task.CompletedTask;

        public void Ask(CancellationToken cancellation)
        {
            if (Asking.IsCompleted) Asking = AskAsync(cancellation);
        }

        public List<MarketReading> Take()
        {
            lock (told)
            {
                var taken = told.ToList();
                told.Clear();
                return taken;
            }
        }

        private async Task AskAsync(CancellationToken cancellation)
        {
            MarketPage? page;
            do
            {
                var question = new GetMarket(collector, last);
                page = await queries.TryAskAsync<MarketPage>(
                    node, ClusterNodeBuilder.MarketPath, question, cancellation).ConfigureAwait(false);
                if (page is null) return;
                (collector, last) = (page.Collector, page.Last);
                lock (told) told.AddRange(page.Readings);
            }
            while (page.IsCut);
        }
    }
}
