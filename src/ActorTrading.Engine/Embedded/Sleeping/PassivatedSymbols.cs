using ActorTrading.Domain.Values;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>
/// The symbols of a partition that sleep or wake. One sleeps when no record has come for it for a while. It wakes for a
/// record, or where the clock closes a bar of it; queries read it from the journal and leave it asleep. What it is does
/// not change by that. For the partition's thread.
/// </summary>
internal sealed class PassivatedSymbols(SymbolReads reads)
{
    private const int EventsBehindAtMost = 500; // advances of the clock that a wake folds again

    private readonly Dictionary<Symbol, PassivatedSymbol> asleep = [];
    private readonly Dictionary<Symbol, ActivatingSymbol> waking = [];
    private readonly Queue<ActivatingSymbol> awaited = new(); // read, and records wait for them
    private readonly List<ActivatingSymbol> held = [];
    private bool isHeld;

    public int Count => asleep.Count + waking.Count;

    /// <summary>Those that sleep, without those that wake.</summary>
    public IReadOnlyCollection<PassivatedSymbol> Asleep => asleep.Values;

    /// <summary>All of them.</summary>
    public IEnumerable<PassivatedSymbol> All => asleep.Values.Concat(waking.Values.Select(symbol => symbol.Sleeper));

    public bool AreWaking => waking.Count > 0;

    /// <summary>Whether records have waited for a symbol that is there by now.</summary>
    public bool AreAwaited => awaited.Count > 0;

    public PassivatedSymbol? Find(Symbol symbol) =>
        asleep.TryGetValue(symbol, out var sleeper) ? sleeper : waking.TryGetValue(symbol, out var woken) ? woken.Sleeper : null;

    public void Add(HostedSymbol symbol) => asleep.Add(symbol.Symbol, new PassivatedSymbol(symbol));

    /// <summary>Takes a sleeping symbol away.</summary>
    public bool Remove(Symbol symbol) => asleep.Remove(symbol);

    /// <summary>Lets a record wait for its symbol, if that sleeps or wakes, and wakes it.</summary>
    public bool TryDefer(Partition partition, Symbol symbol, Part part, int at)
    {
        if (Count == 0) return false;
        if (!waking.TryGetValue(symbol, out var woken))
        {
            if (!asleep.TryGetValue(symbol, out var sleeper)) return false;
            woken = Wake(partition, sleeper);
        }

        woken.Defer(part, at);
        return true;
    }

    /// <summary>Wakes those of which the clock closes a bar, or of which many events would have to be folded again.</summary>
    public void WakeUntil(Partition partition, Timestamp clock)
    {
        foreach (var sleeper in asleep.Values
            .Where(symbol => !symbol.IsGone && (symbol.NextClose <= clock || symbol.LastEvent - symbol.LastSnapshot > EventsBehindAtMost))
            .ToList())
            Wake(partition, sleeper);
    }

    /// <summary>
    /// An advance of the clock, an event of every symbol, is on its way to the journal: nothing is read before it is
    /// there.
    /// </summary>
    public void Hold() => isHeld = asleep.Count > 0;

    /// <summary>It is there.</summary>
    public void Release()
    {
        isHeld = false;
        foreach (var symbol in held) reads.Begin(symbol);
        held.Clear();
    }

    /// <summary>A symbol was read. Returns it if it is awake by that, and null while records wait for it.</summary>
    /// <exception cref="RecoveryException">The journal has other events of it than it had.</exception>
    public HostedSymbol? Read(ActivatingSymbol woken)
    {
        var symbol = woken.Awake!;
        if (symbol.LastFolded != woken.Sleeper.LastEvent)
            throw new RecoveryException(
                symbol.Id, symbol.LastFolded + 1, $"the journal ends there, and had come to {woken.Sleeper.LastEvent}");
        if (!woken.IsAwaited) return End(woken);
        awaited.Enqueue(woken);
        return null;
    }

    /// <summary>A symbol that is there, and for which records wait.</summary>
    public ActivatingSymbol NextAwaited() => awaited.Peek();

    /// <summary>No record waits for that symbol any more: it is awake.</summary>
    public HostedSymbol EndAwaited() => End(awaited.Dequeue());

    private HostedSymbol End(ActivatingSymbol woken)
    {
        waking.Remove(woken.Sleeper.Symbol);
        return woken.Awake!;
    }

    private ActivatingSymbol Wake(Partition partition, PassivatedSymbol sleeper)
    {
        asleep.Remove(sleeper.Symbol);
        var woken = new ActivatingSymbol(sleeper, partition.PlanOf(sleeper.Symbol));
        waking.Add(sleeper.Symbol, woken);
        if (isHeld) held.Add(woken);
        else reads.Begin(woken);
        return woken;
    }
}
