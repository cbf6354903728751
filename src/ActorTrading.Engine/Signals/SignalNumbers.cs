using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Signals;

/// <summary>
/// The number of the last signal of each symbol and plan, for all plans: an earlier plan may come into force again. Not thread-safe.
/// </summary>
internal sealed class SignalNumbers
{
    private readonly Dictionary<(Symbol Symbol, PlanHash Plan), long> last = [];

    /// <summary>Number of symbols and plans.</summary>
    public int Count => last.Count;

    /// <summary>The numbers, for a snapshot.</summary>
    public IReadOnlyCollection<KeyValuePair<(Symbol Symbol, PlanHash Plan), long>> All => last;

    /// <summary>Notes the signals of others.</summary>
    public void Add(SignalNumbers others)
    {
        foreach (var ((symbol, plan), number) in others.last) TryNote(symbol, plan, number);
    }

    /// <summary>The number of the last signal; 0 if there is none.</summary>
    public long LastOf(Symbol symbol, in PlanHash plan) => last.GetValueOrDefault((symbol, plan));

    /// <summary>Notes a signal. Returns false if it is already noted.</summary>
    public bool TryNote(Symbol symbol, in PlanHash plan, long number)
    {
        if (number <= LastOf(symbol, plan)) return false;
        last[(symbol, plan)] = number;
        return true;
    }
}
