using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Cluster.Plans;

/// <summary>
/// The plans as this node has read them from the journal. Without a plan in the journal, the given plan applies. Thread-safe.
/// </summary>
internal sealed class PlanView
{
    private readonly IJournalStore store;
    private readonly Lock sync = new();
    private PlanHistory history;
    private JournalHistory past;

    /// <exception cref="RecoveryException">A plan is missing or damaged.</exception>
    public PlanView(IJournalStore store, Plan? given)
    {
        this.store = store;
        history = PlanHistory.None.ReadOn(store);
        past = new JournalHistory(history.Present ?? given ?? Plan.Default, store);
    }

    /// <summary>Called with a changed plan, before anything is folded by it.</summary>
    public Action<PlanHistory> OnChanged { get; set; } = _ => { };

    /// <summary>The current plan, as far as this node knows.</summary>
    public Plan Present => Past.Plan;

    /// <summary>Queries about the past under the current plan.</summary>
    public JournalHistory Past => Volatile.Read(ref past);

    /// <summary>The plan history as read from the journal.</summary>
    public PlanHistory History => Volatile.Read(ref history);

    /// <summary>Reads new plan changes. Blocks.</summary>
    /// <exception cref="RecoveryException">A plan is missing or damaged.</exception>
    public void Read()
    {
        lock (sync)
        {
            var read = history.ReadOn(store);
            if (read.Count == history.Count) return;
            Volatile.Write(ref history, read);
            Volatile.Write(ref past, new JournalHistory(read.Present!, store));
            OnChanged(read);
        }
    }
}
