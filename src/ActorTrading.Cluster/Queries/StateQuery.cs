using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Queries;

/// <summary>
/// Repeated query of one symbol, wherever it is hosted. Asks the node where it was active last, then all nodes that may host it. The
/// state of a passivated symbol is read from the journal. For one reader; not thread-safe.
/// </summary>
internal sealed class StateQuery(Symbol symbol, NodeContext symbols, IJournalStore store, ClusterQueries queries)
{
    private static readonly TimeSpan WhileAsleep = TimeSpan.FromSeconds(1);

    private StateVersion seen;
    private Address? home;
    private long nextLook; // Environment.TickCount64

    /// <summary>The state if it has changed since the last call; null if it has not, or cannot be read at present.</summary>
    /// <exception cref="EngineStoppedException">This node is no longer in its cluster.</exception>
    public async Task<SymbolState?> NextAsync(CancellationToken cancellation)
    {
        queries.ThrowIfStopped();
        if (Environment.TickCount64 < nextLook) return null;
        if (await FindAsync(cancellation).ConfigureAwait(false) is { } awake) return awake.State.Length == 0 ? null : Read(awake);
        nextLook = Environment.TickCount64 + (long)WhileAsleep.TotalMilliseconds;
        var journal = store.Until(cancellation);
        return await ReadingThreads.OfSubscribers.RunAsync(() => ReadJournal(journal), cancellation).ConfigureAwait(false);
    }

    /// <summary>The answer of the node on which the symbol is active; null if no node reports it as active.</summary>
    private async Task<SymbolAnswer?> FindAsync(CancellationToken cancellation)
    {
        var hosts = queries.Members.Hosts.ToList();
        if (hosts.Find(node => node.Address == home) is { } before)
        {
            if (await AskAsync(before, cancellation).ConfigureAwait(false) is { IsAwake: true } answer) return answer;
            hosts.Remove(before);
        }

        var answers = await Task.WhenAll(hosts.Select(node => AskAsync(node, cancellation))).ConfigureAwait(false);
        var found = Array.FindIndex(answers, static answer => answer is { IsAwake: true });
        home = found < 0 ? null : hosts[found].Address;
        return found < 0 ? null : answers[found];
    }

    private Task<SymbolAnswer?> AskAsync(Member node, CancellationToken cancellation) =>
        queries.TryAskAsync<SymbolAnswer>(
            node, ClusterNodeBuilder.DirectoryPath, new GetSymbol(symbol, SymbolParts.State, seen), cancellation);

    private SymbolState? Read(SymbolAnswer answer)
    {
        if (SymbolDirectory.Read(answer.State, symbols.PlanOf(symbol)) is not { } state) return null;
        seen = answer.Version;
        return state;
    }

    /// <summary>
    /// Reads the state from the journal if there are new events. A state that cannot be read is not tried again before the next
    /// event.
    /// </summary>
    private SymbolState? ReadJournal(IJournalStore journal)
    {
        try
        {
            var plan = symbols.PlanOf(symbol);
            var last = new StateVersion(journal.HighestSequenceNumber(PersistenceIds.Of(symbol)), plan.Settings.Hash);
            if (last.Event == 0 || last == seen) return null;
            seen = last;
            return StateHistory.Newest(journal, symbol, plan, symbols.BeforeFold) is { HasRecords: true } found ? found.State : null;
        }
        catch (JournalException)
        {
            seen = default; // the journal does not answer; the next call tries again
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null; // the symbol actor decides about damaged events and exceptions
        }
    }
}
