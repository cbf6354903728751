using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Past;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Cluster.Plans;

/// <summary>
/// The plans as this node has read them from the journal. Where there is none yet, the given one holds. Safe for any number of threads.
/// </summary>
internal sealed class PlanView
{
    private readonly IJournalStore store;
    private readonly Lock sync = new();
    private PlanHistory history;
    private JournalPast past;

    /// <exception cref="RecoveryException">A plan is missing or damaged.</exception>
    public PlanView(IJournalStore store, Plan? given)
    {
        this.store = store;
        history = PlanHistory.None.ReadOn(store);
        past = new JournalPast(history.Present ?? given ?? Plan.Default, store);
    }

    /// <summary>Told of a plan that is new here, before anything is folded by it.</summary>
    public Action<PlanHistory> OnChanged { get; set; } = _ => { };

    /// <summary>The plan in force, as far as this node knows.</summary>
    public Plan Present => Past.Plan;

    /// <summary>The past by that plan.</summary>
    public JournalPast Past => Volatile.Read(ref past);

    /// <summary>The plans read.</summary>
    public PlanHistory History => Volatile.Read(ref history);

    /// <summary>Reads what has come since.</summary>
    /// <exception cref="RecoveryException">A plan is missing or damaged.</exception>
    public void Read()
    {
        lock (sync)
        {
            var read = history.ReadOn(store);
            if (read.Count == history.Count) return;
            Volatile.Write(ref history, read);
            Volatile.Write(ref past, new JournalPast(read.Present!, store));
            OnChanged(read);
        }
    }
}
