using ActorTrading.Domain.Plans;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Host.Nodes;

/// <summary>The journal of a node, which it closes.</summary>
internal sealed class NodeJournal(IJournalStore store, TimeProvider time, Func<Plan> current) : IDisposable
{
    private JournalHistory? past;

    /// <summary>The journal itself.</summary>
    public IJournalStore Store => store;

    /// <summary>The location of the journal, without secrets. For a journal that is not a file, no file exists at this path.</summary>
    public string Location => store.Location;

    /// <summary>The health check of the journal.</summary>
    public JournalHealth Health { get; } = new(store, time);

    /// <summary>Queries past states in the journal, using the current plan.</summary>
    public JournalHistory Past
    {
        get
        {
            var (kept, plan) = (Volatile.Read(ref past), current());
            if (kept?.Plan == plan) return kept;
            Volatile.Write(ref past, kept = new JournalHistory(plan, store));
            return kept;
        }
    }

    /// <summary>Closes the journal.</summary>
    public void Dispose() => store.Dispose();
}
