using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Census;

/// <summary>
/// Looks at one symbol again and again, wherever it is: asks the node where it was awake before, then all that may host
/// it; while it sleeps, the journal has its state. For one reader.
/// </summary>
internal sealed class StateQuery(Symbol symbol, NodeContext symbols, IJournalStore store, ClusterQueries questions)
{
    private static readonly TimeSpan WhileAsleep = TimeSpan.FromSeconds(1);

    private StateVersion seen;
    private Address? home;
    private long nextLook; // Environment.TickCount64

    /// <summary>
    /// The state, where it is another one than that of the look before; null where it is not, or cannot be told at
    /// present.
    /// </summary>
    /// <exception cref="EngineStoppedException">This node is no longer in its cluster.</exception>
    public async Task<SymbolState?> NextAsync(CancellationToken cancellation)
    {
        questions.ThrowIfStopped();
        if (Environment.TickCount64 < nextLook) return null;
        if (await FindAsync(cancellation).ConfigureAwait(false) is { } awake) return awake.Snapshot.Length == 0 ? null : Read(awake);
        nextLook = Environment.TickCount64 + (long)WhileAsleep.TotalMilliseconds;
        var journal = store.Until(cancellation);
        return await ReadingThreads.OfSubscribers.RunAsync(() => ReadJournal(journal), cancellation).ConfigureAwait(false);
    }

    /// <summary>What the node says on which it is awake; null where none says that it is.</summary>
    private async Task<SymbolChange?> FindAsync(CancellationToken cancellation)
    {
        var hosts = questions.Members.Hosts.ToList();
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

    private Task<SymbolChange?> AskAsync(Member node, CancellationToken cancellation) =>
        questions.TryAskAsync<SymbolChange>(
            node, ClusterNodeBuilder.CensusPath, new AskChange(symbol, seen.Event, seen.Plan), cancellation);

    private SymbolState? Read(SymbolChange change)
    {
        if (SymbolDirectory.Read(change.Snapshot, symbols.PlanOf(symbol), out var folded) is not { } state) return null;
        seen = new StateVersion(folded, state.Plan.Settings.Hash);
        return state;
    }

    /// <summary>
    /// The state that the journal gives, where it has come further; one that it cannot give is not tried again until it
    /// has.
    /// </summary>
    private SymbolState? ReadJournal(IJournalStore journal)
    {
        try
        {
            var plan = symbols.PlanOf(symbol);
            var last = new StateVersion(journal.HighestSequenceNumber(PersistenceIds.Of(symbol)), plan.Settings.Hash);
            if (last.Event == 0 || last == seen) return null;
            seen = last;
            return PastState.Newest(journal, symbol, plan, symbols.BeforeFold) is { HasRecords: true } found ? found.State : null;
        }
        catch (JournalException)
        {
            seen = default; // it does not answer: the next look tries again
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null; // what is damaged or throws is the symbol's to judge
        }
    }
}
