using System.Collections.Concurrent;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Queries;

/// <summary>
/// Queries about symbols, wherever they are hosted. Nodes answer for their active symbols, and the journal for passivated ones, which
/// stay passivated. A symbol in a hand-off is read from the journal: all acknowledged records are durable.
/// </summary>
internal sealed class SymbolDirectory(NodeContext symbols, IJournalStore store, ClusterQueries queries)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private static readonly int ReadAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>State hash over all symbols.</summary>
    public async Task<StateHash> HashAsync(CancellationToken cancellation) =>
        StateHash.Of((await TakeAsync(isHashed: true, cancellation).ConfigureAwait(false))
            .Select(entry => KeyValuePair.Create(entry.Summary.Symbol, entry.Hash!.Value)));

    /// <summary>Summaries of all symbols, by name.</summary>
    public async Task<IReadOnlyList<SymbolSummary>> SummariesAsync(CancellationToken cancellation) =>
    [
        .. (await TakeAsync(isHashed: false, cancellation).ConfigureAwait(false))
            .Select(entry => entry.Summary with { Partition = symbols.Board.ShardOf(entry.Summary.Symbol) })
            .OrderBy(summary => summary.Symbol),
    ];

    /// <summary>Gauges of some symbols, by name. Symbols without accepted records are left out.</summary>
    public async Task<IReadOnlyList<SymbolReading>> ReadingsAsync(IReadOnlyList<Symbol> asked, CancellationToken cancellation)
    {
        var readings = new ConcurrentBag<SymbolReading>();
        var known = await queries.SymbolsAsync(cancellation).ConfigureAwait(false);
        await ClusterQueries.ForEachAsync(asked.Where(known.ContainsKey), async (symbol, token) =>
        {
            var answer = await queries.AskAsync<SymbolAnswer>(new GetSymbol(symbol, SymbolParts.Gauges), token).ConfigureAwait(false);
            if (answer.Gauges is { } reading) readings.Add(reading);
        }, cancellation).ConfigureAwait(false);
        return [.. readings.OrderBy(reading => reading.Symbol)];
    }

    /// <summary>State of a symbol; null if none of its records was accepted.</summary>
    public async Task<SymbolState?> StateAsync(Symbol symbol, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await queries.AskAsync<SymbolAnswer>(new GetSymbol(symbol, SymbolParts.State), cancellation).ConfigureAwait(false);
            if (answer.State.Length == 0) return null;
            if (Read(answer.State, symbols.PlanOf(symbol)) is { } state) return state;
            await Task.Delay(Moment, cancellation).ConfigureAwait(false); // one of the two nodes does not have the new plan yet
        }
    }

    /// <summary>A query for repeated reads of one symbol.</summary>
    public StateQuery Query(Symbol symbol) => new(symbol, symbols, store, queries);

    private async Task<IEnumerable<DirectoryEntry>> TakeAsync(bool isHashed, CancellationToken cancellation)
    {
        var heads = await queries.SymbolsAsync(cancellation).ConfigureAwait(false);
        var awake = await AwakeAsync(isHashed, cancellation).ConfigureAwait(false);
        var others = new ConcurrentBag<DirectoryEntry>();
        await Parallel.ForEachAsync(
            heads.Where(head => !awake.TryGetValue(head.Key, out var known) || known.Events < head.Value),
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (head, token) =>
            {
                // Active and behind the journal: the symbol is about to fold an event, or is quarantined, or was reported by a
                // disconnected node that does not know it yet.
                var isAwake = awake.Remove(head.Key, out _);
                var entry = isAwake
                    ? null
                    : await ReadingThreads.OfQueries.RunAsync(
                        () => Read(store.Until(token), head.Key, isHashed), token).ConfigureAwait(false);
                var parts = isHashed ? SymbolParts.Hash : SymbolParts.None;
                entry ??= (await queries.AskAsync<SymbolAnswer>(new GetSymbol(head.Key, parts), token).ConfigureAwait(false)).Entry;
                if (entry.Events > 0) others.Add(entry);
            }).ConfigureAwait(false);
        return awake.Values.Concat(others);
    }

    /// <summary>Active symbols as the nodes report them. If two nodes report a symbol, the entry with more events is used.</summary>
    private async Task<ConcurrentDictionary<Symbol, DirectoryEntry>> AwakeAsync(bool isHashed, CancellationToken cancellation)
    {
        var awake = new ConcurrentDictionary<Symbol, DirectoryEntry>();
        await Task.WhenAll(queries.Members.Hosts.Select(async node =>
        {
            var after = "";
            do
            {
                var page = await queries.TryAskAsync<DirectoryPage>(
                    node, ClusterNodeBuilder.DirectoryPath, new GetDirectory(after, isHashed), cancellation).ConfigureAwait(false);
                if (page is null) return;
                foreach (var entry in page.Entries)
                    awake.AddOrUpdate(entry.Summary.Symbol, entry, (_, other) => other.Events > entry.Events ? other : entry);
                after = page.Last;
            }
            while (after.Length > 0);
        })).ConfigureAwait(false);
        return awake;
    }

    /// <summary>Reads a symbol from the journal; null if that fails, and the symbol actor must be asked.</summary>
    private DirectoryEntry? Read(IJournalStore journal, Symbol symbol, bool isHashed)
    {
        try
        {
            var found = StateHistory.Newest(journal, symbol, symbols.PlanOf(symbol), symbols.BeforeFold);
            return found is null ? null : DirectoryEntry.Of(found, isHashed);
        }
        catch (Exception exception) when (exception is not (JournalException or OperationCanceledException))
        {
            return null; // the symbol actor decides about damaged events and exceptions
        }
    }

    /// <summary>Reads a state from its snapshot; null if it is of another plan than this node knows.</summary>
    /// <exception cref="InvalidDataException">The snapshot is damaged.</exception>
    internal static SymbolState? Read(byte[] bytes, SymbolPlan plan)
    {
        if (!SnapshotCodec.TryDecode(bytes, out var snapshot, out var error)) throw new InvalidDataException($"A state: {error}.");
        return PlanHash.FromBytes(snapshot.PlanHash) == plan.Settings.Hash ? SymbolState.Read(snapshot.Body, plan) : null;
    }
}
