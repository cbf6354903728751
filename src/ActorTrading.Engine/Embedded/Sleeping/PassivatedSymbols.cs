using ActorTrading.Domain.Values;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>
/// The passivated and activating symbols of a partition. A symbol is passivated when it has received no record for a while. It is activated
/// by a record, or when the clock closes a bar of it; queries read it from the journal without activating it. Passivation does not change
/// results. Used on the partition's thread only.
/// </summary>
internal sealed class PassivatedSymbols(SymbolReads reads)
{
    private const int EventsBehindAtMost = 500; // maximum number of clock advances that an activation folds again

    private readonly Dictionary<Symbol, PassivatedSymbol> asleep = [];
    private readonly Dictionary<Symbol, ActivatingSymbol> waking = [];
    private readonly Queue<ActivatingSymbol> awaited = new(); // read from the journal, with deferred records
    private readonly List<ActivatingSymbol> held = [];
    private bool isHeld;

    public int Count => asleep.Count + waking.Count;

    /// <summary>The passivated symbols, without the activating ones.</summary>
    public IReadOnlyCollection<PassivatedSymbol> Asleep => asleep.Values;

    /// <summary>All passivated and activating symbols.</summary>
    public IEnumerable<PassivatedSymbol> All => asleep.Values.Concat(waking.Values.Select(symbol => symbol.Sleeper));

    public bool AreWaking => waking.Count > 0;

    /// <summary>Whether there are active symbols with deferred records.</summary>
    public bool AreAwaited => awaited.Count > 0;

    public PassivatedSymbol? Find(Symbol symbol) =>
        asleep.TryGetValue(symbol, out var sleeper) ? sleeper : waking.TryGetValue(symbol, out var woken) ? woken.Sleeper : null;

    public void Add(HostedSymbol symbol) => asleep.Add(symbol.Symbol, new PassivatedSymbol(symbol));

    /// <summary>Removes a passivated symbol.</summary>
    public bool Remove(Symbol symbol) => asleep.Remove(symbol);

    /// <summary>
    /// Defers a record if its symbol is passivated or activating, and activates the symbol. Returns false if it is neither.
    /// </summary>
    public bool TryDefer(PartitionSymbols symbols, Symbol symbol, Part part, int at)
    {
        if (Count == 0) return false;
        if (!waking.TryGetValue(symbol, out var woken))
        {
            if (!asleep.TryGetValue(symbol, out var sleeper)) return false;
            woken = Wake(symbols, sleeper);
        }

        woken.Defer(part, at);
        return true;
    }

    /// <summary>Activates symbols for which the clock closes a bar, or for which too many events would have to be folded again.</summary>
    public void WakeUntil(PartitionSymbols symbols, Timestamp clock)
    {
        foreach (var sleeper in asleep.Values
            .Where(symbol => !symbol.IsGone && (symbol.NextClose <= clock || symbol.LastEvent - symbol.LastSnapshot > EventsBehindAtMost))
            .ToList())
            Wake(symbols, sleeper);
    }

    /// <summary>Holds all reads: an advance of the clock, which is an event of every symbol, is being written to the journal.</summary>
    public void Hold() => isHeld = asleep.Count > 0;

    /// <summary>Releases the reads: the advance is durable.</summary>
    public void Release()
    {
        isHeld = false;
        foreach (var symbol in held) reads.Begin(symbol);
        held.Clear();
    }

    /// <summary>A symbol was read. Returns it if it is active now; null while it has deferred records.</summary>
    /// <exception cref="RecoveryException">The journal has other events of the symbol than before.</exception>
    public HostedSymbol? Read(ActivatingSymbol woken)
    {
        var symbol = woken.Awake!;
        if (symbol.LastFolded != woken.Sleeper.LastEvent)
            throw new RecoveryException(
                symbol.Id, symbol.LastFolded + 1, $"the journal ends there, but it once held event {woken.Sleeper.LastEvent}");
        if (!woken.IsAwaited) return End(woken);
        awaited.Enqueue(woken);
        return null;
    }

    /// <summary>The next symbol that was read and has deferred records.</summary>
    public ActivatingSymbol NextAwaited() => awaited.Peek();

    /// <summary>Ends the activation of that symbol: it has no more deferred records.</summary>
    public HostedSymbol EndAwaited() => End(awaited.Dequeue());

    private HostedSymbol End(ActivatingSymbol woken)
    {
        waking.Remove(woken.Sleeper.Symbol);
        return woken.Awake!;
    }

    private ActivatingSymbol Wake(PartitionSymbols symbols, PassivatedSymbol sleeper)
    {
        asleep.Remove(sleeper.Symbol);
        var woken = new ActivatingSymbol(sleeper, symbols.PlanOf(sleeper.Symbol));
        waking.Add(sleeper.Symbol, woken);
        if (isHeld) held.Add(woken);
        else reads.Begin(woken);
        return woken;
    }
}
