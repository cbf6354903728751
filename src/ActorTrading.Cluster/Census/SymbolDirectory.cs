using System.Collections.Concurrent;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Census;

/// <summary>
/// Looks in at symbols wherever they are. Whoever counts all of them asks their nodes and the journal: nodes tell of those that
/// are awake, and the journal of the others, which sleep on. A symbol that is on its way from one node to another is one of the
/// others: what is acknowledged is durable.
/// </summary>
internal sealed class SymbolDirectory(NodeContext symbols, IJournalStore store, ClusterQueries questions)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private static readonly int ReadAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>The hash over all of them.</summary>
    public async Task<StateHash> HashAsync(CancellationToken cancellation) =>
        StateHash.Of((await TakeAsync(isHashed: true, cancellation).ConfigureAwait(false))
            .Select(entry => KeyValuePair.Create(entry.Summary.Symbol, entry.Hash!.Value)));

    /// <summary>What they show, by name.</summary>
    public async Task<IReadOnlyList<SymbolSummary>> SummariesAsync(CancellationToken cancellation) =>
    [
        .. (await TakeAsync(isHashed: false, cancellation).ConfigureAwait(false))
            .Select(entry => entry.Summary with { Partition = symbols.Board.ShardOf(entry.Summary.Symbol) })
            .OrderBy(summary => summary.Symbol),
    ];

    /// <summary>What the gauges of some of them show, by name; those of which nothing was accepted are left out.</summary>
    public async Task<IReadOnlyList<SymbolReading>> ReadingsAsync(IReadOnlyList<Symbol> asked, CancellationToken cancellation)
    {
        var readings = new ConcurrentBag<SymbolReading>();
        var known = await questions.SymbolsAsync(cancellation).ConfigureAwait(false);
        await ClusterQueries.ForEachAsync(asked.Where(known.ContainsKey), async (symbol, token) =>
        {
            var gauges = await questions.AskAsync<SymbolGauges>(new GetSymbolGauges(symbol), token).ConfigureAwait(false);
            if (gauges.Reading is { } reading) readings.Add(reading);
        }, cancellation).ConfigureAwait(false);
        return [.. readings.OrderBy(reading => reading.Symbol)];
    }

    /// <summary>The state of one; null where nothing of it was accepted.</summary>
    public async Task<SymbolState?> StateAsync(Symbol symbol, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await questions.AskAsync<SymbolStateBytes>(new GetSymbolState(symbol), cancellation).ConfigureAwait(false);
            if (answer.Snapshot.Length == 0) return null;
            if (Read(answer.Snapshot, symbols.PlanOf(symbol), out _) is { } state) return state;
            await Task.Delay(Moment, cancellation).ConfigureAwait(false); // one of both has not gone over to the other's plan yet
        }
    }

    /// <summary>For who looks at one again and again.</summary>
    public StateQuery Look(Symbol symbol) => new(symbol, symbols, store, questions);

    private async Task<IEnumerable<DirectoryEntry>> TakeAsync(bool isHashed, CancellationToken cancellation)
    {
        var heads = await questions.SymbolsAsync(cancellation).ConfigureAwait(false);
        var awake = await AwakeAsync(isHashed, cancellation).ConfigureAwait(false);
        var others = new ConcurrentBag<DirectoryEntry>();
        await Parallel.ForEachAsync(
            heads.Where(head => !awake.TryGetValue(head.Key, out var known) || known.Events < head.Value),
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (head, token) =>
            {
                // Awake and behind the journal: it is about to fold an event, or quarantined, or a node tells of it that was
                // cut off and has not noticed.
                var isAwake = awake.Remove(head.Key, out _);
                var entry = isAwake
                    ? null
                    : await ReadingThreads.OfQueries.RunAsync(
                        () => Read(store.Until(token), head.Key, isHashed), token).ConfigureAwait(false);
                entry ??= await questions.AskAsync<DirectoryEntry>(new GetDirectoryEntry(head.Key, isHashed), token).ConfigureAwait(false);
                if (entry.Events > 0) others.Add(entry);
            }).ConfigureAwait(false);
        return awake.Values.Concat(others);
    }

    /// <summary>What nodes tell of the symbols awake on them. Where two tell of one, the one that has come further is believed.</summary>
    private async Task<ConcurrentDictionary<Symbol, DirectoryEntry>> AwakeAsync(bool isHashed, CancellationToken cancellation)
    {
        var awake = new ConcurrentDictionary<Symbol, DirectoryEntry>();
        await Task.WhenAll(questions.Members.Hosts.Select(async node =>
        {
            var after = "";
            do
            {
                var page = await questions.TryAskAsync<DirectoryPage>(
                    node, ClusterNodeBuilder.CensusPath, new GetDirectory(after, isHashed), cancellation).ConfigureAwait(false);
                if (page is null) return;
                foreach (var entry in page.Entries)
                    awake.AddOrUpdate(entry.Summary.Symbol, entry, (_, other) => other.Events > entry.Events ? other : entry);
                after = page.Last;
            }
            while (after.Length > 0);
        })).ConfigureAwait(false);
        return awake;
    }

    /// <summary>A symbol as the journal gives it; null where it cannot, and the symbol itself is to say what it has become of.</summary>
    private DirectoryEntry? Read(IJournalStore journal, Symbol symbol, bool isHashed)
    {
        try
        {
            var found = PastState.Newest(journal, symbol, symbols.PlanOf(symbol), symbols.BeforeFold);
            return found is null ? null : symbols.EntryOf(found, isHashed);
        }
        catch (Exception exception) when (exception is not (JournalException or OperationCanceledException))
        {
            return null; // what is damaged or throws is the symbol's to judge
        }
    }

    /// <summary>A state from its snapshot; null where that is of another plan than this node knows of.</summary>
    /// <param name="folded">The number of the last event in it.</param>
    /// <exception cref="InvalidDataException">The snapshot is damaged.</exception>
    internal static SymbolState? Read(byte[] bytes, SymbolPlan plan, out long folded)
    {
        if (!SnapshotCodec.TryDecode(bytes, out var snapshot, out var error)) throw new InvalidDataException($"A state: {error}.");
        folded = snapshot.SequenceNr;
        return PlanHash.FromBytes(snapshot.PlanHash) == plan.Settings.Hash ? SymbolState.Read(snapshot.Body, plan) : null;
    }
}
