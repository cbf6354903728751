using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded.Replanning;
using ActorTrading.Engine.Embedded.Sleeping;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// The symbols of a partition, active and passivated, with their ledger. Used on the partition's thread, or before it runs, except where
/// a member says otherwise.
/// </summary>
internal sealed class PartitionSymbols
{
    /// <summary>Number of sweeps without a record after which a symbol is passivated.</summary>
    public const int TurnsAwake = 4;

    private const int PutToSleepAtOnce = 64;

    private readonly Dictionary<Symbol, HostedSymbol> symbols = [];
    private readonly EmbeddedEngine engine;
    private readonly Action<Action> post;
    private CompiledPlans plans = new(Plan.Default);
    private int hosted;
    private int awake;
    private int isSweeping;
    private int members;

    /// <param name="post">Runs an action on the partition's thread, between records.</param>
    public PartitionSymbols(EmbeddedEngine engine, EmbeddedOptions options, Action<Action> post)
    {
        (this.engine, this.post) = (engine, post);
        Snapshots = new SnapshotTaker(options);
        Passivated = new PassivatedSymbols(new SymbolReads(engine.Store, symbol => post(() => Read(symbol)), engine.Fail));
    }

    /// <summary>Passivated and activating symbols.</summary>
    public PassivatedSymbols Passivated { get; }

    /// <summary>Snapshots that were taken and not yet handed to the journal.</summary>
    public SnapshotTaker Snapshots { get; }

    /// <summary>Number of sweeps so far.</summary>
    public int Turn { get; private set; }

    /// <summary>Counts of the records of its symbols.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>The active symbols.</summary>
    public IReadOnlyCollection<HostedSymbol> Active => symbols.Values;

    /// <summary>The passivated symbols.</summary>
    public IEnumerable<PassivatedSymbol> Asleep => Passivated.All;

    /// <summary>Number of active symbols. Thread-safe.</summary>
    public int Awake => Volatile.Read(ref awake);

    /// <summary>Changes when a symbol is added or removed; not when a symbol is activated or passivated. Thread-safe.</summary>
    public int Members => Volatile.Read(ref members);

    /// <summary>Number of active and passivated symbols. Thread-safe.</summary>
    public int Count => Volatile.Read(ref hosted);

    /// <summary>An active symbol; null if it is not active. Called for each record: extensions of IReadOnlyDictionary are slower.</summary>
    public HostedSymbol? Find(Symbol symbol) => symbols.TryGetValue(symbol, out var found) ? found : null;

    /// <summary>
    /// A read of a passivated symbol from the journal; null if the symbol is active or has no records.
    /// </summary>
    public PassivatedRead? ReadPassivated(Symbol symbol) =>
        Passivated.Find(symbol) is { HasRecords: true } sleeper ? new PassivatedRead(sleeper.Copy(), PlanOf(symbol), engine.Store) : null;

    /// <summary>Adds a symbol.</summary>
    public void Host(HostedSymbol symbol)
    {
        Add(symbol);
        Volatile.Write(ref members, members + 1);
    }

    /// <summary>Adds a symbol as passivated. Before its thread runs.</summary>
    public void HostAsleep(HostedSymbol symbol)
    {
        Passivated.Add(symbol);
        Volatile.Write(ref members, members + 1);
        NoteCounts();
    }

    private void Add(HostedSymbol symbol)
    {
        symbol.LastTurn = Turn;
        symbols.Add(symbol.Symbol, symbol);
        NoteCounts();
    }

    private void NoteCounts()
    {
        Volatile.Write(ref awake, symbols.Count);
        Volatile.Write(ref hosted, symbols.Count + Passivated.Count);
    }

    /// <summary>Sets the plan of new symbols. Before its thread runs.</summary>
    public void Begin(Plan plan) => plans = new CompiledPlans(plan);

    /// <summary>Switches to another plan, with the states that it gives. Only while nothing is being folded.</summary>
    public void SwitchPlan(Plan plan, Refold refold)
    {
        var before = plans;
        plans = new CompiledPlans(plan);
        foreach (var symbol in symbols.Values)
        {
            if (refold.Find(symbol.Id) is { } folded) symbol.SwitchPlan(folded);
        }

        foreach (var sleeper in Passivated.Asleep.ToList())
        {
            // Folded with the new plan, the symbol is already in memory. It is passivated again, with a snapshot, after its idle time.
            if (refold.Find(PersistenceIds.Of(sleeper.Symbol)) is not { } folded) continue;
            Passivated.Remove(sleeper.Symbol);
            Add(sleeper.SwitchPlan(folded, before.Of(sleeper.Symbol)));
        }
    }

    /// <summary>
    /// A symbol that the plan changes and that was not folded with it up to its last event; null if there is none.
    /// </summary>
    public Symbol? FindBehind(Plan plan, Refold refold) =>
        symbols.Values.FirstOrDefault(symbol => IsBehind(symbol.Symbol, symbol.LastFolded, plan, refold))?.Symbol
        ?? Passivated.All.FirstOrDefault(sleeper => IsBehind(sleeper.Symbol, sleeper.LastEvent, plan, refold))?.Symbol;

    private bool IsBehind(Symbol symbol, long lastEvent, Plan plan, Refold refold) =>
        plan.For(symbol).Hash != PlanOf(symbol).Settings.Hash && refold.Find(PersistenceIds.Of(symbol))?.LastFolded != lastEvent;

    /// <summary>The compiled plan of a symbol.</summary>
    public SymbolPlan PlanOf(Symbol symbol) => plans.Of(symbol);

    /// <summary>A symbol that is to be deleted; null if it does not exist. Only while nothing is being folded.</summary>
    public RememberedSymbol? Remember(Symbol symbol)
    {
        var (current, sleeper) = (Find(symbol), Passivated.Find(symbol));
        return current is null && sleeper is null ? null : new RememberedSymbol(current, sleeper?.Copy(), PlanOf(symbol));
    }

    /// <summary>Marks a symbol as deleted; what is left of it is passivated. Only while nothing is being folded.</summary>
    public void Delete(SymbolDeleted deleted, long sequenceNumber)
    {
        symbols.Remove(deleted.Symbol);
        Passivated.Remove(deleted.Symbol);
        var gone = new HostedSymbol(new SymbolState(deleted.Symbol, PlanOf(deleted.Symbol)));
        gone.Delete(deleted, sequenceNumber);
        gone.NoteSnapshot();
        Passivated.Add(gone);
        Volatile.Write(ref members, members + 1);
        NoteCounts();
    }

    /// <summary>
    /// Passivates symbols without a record during the last sweeps. Thread-safe. The work is done on the partition's thread between
    /// records, in slices.
    /// </summary>
    public void Sweep()
    {
        if (Interlocked.Exchange(ref isSweeping, 1) == 0) post(BeginSweep);
    }

    private void BeginSweep()
    {
        Turn++;
        SweepOn([.. symbols.Values.Where(IsIdle)], 0);
    }

    private void SweepOn(HostedSymbol[] idle, int begun)
    {
        var end = Math.Min(idle.Length, begun + PutToSleepAtOnce);
        foreach (var symbol in idle.AsSpan(begun..end))
        {
            if (IsIdle(symbol)) PutToSleep(symbol);
        }

        Snapshots.HandTo(engine.Journal);
        NoteCounts();
        if (end < idle.Length) post(() => SweepOn(idle, end));
        else Volatile.Write(ref isSweeping, 0);
    }

    private bool IsIdle(HostedSymbol symbol) => Turn - symbol.LastTurn > TurnsAwake && symbol.IsSettled;

    private void PutToSleep(HostedSymbol symbol)
    {
        symbols.Remove(symbol.Symbol);
        if (symbol.LastEvent == 0)
        {
            Volatile.Write(ref members, members + 1); // the first accepted record of the symbol
            return;
        }

        if (symbol.IsSnapshotWorthwhile) Snapshots.Take(symbol);
        Passivated.Add(symbol);
    }

    /// <summary>A symbol was read from the journal.</summary>
    private void Read(ActivatingSymbol symbol)
    {
        if (Passivated.Read(symbol) is { } woken) AddWoken(woken, Turn - TurnsAwake); // for the clock only: passivated at the next sweep
    }

    private void AddWoken(HostedSymbol symbol, int lastTurn)
    {
        Add(symbol);
        symbol.LastTurn = lastTurn;
    }

    /// <summary>Adds a symbol that was activated for its deferred records, which are judged now.</summary>
    public void EndAwaited() => AddWoken(Passivated.EndAwaited(), Turn);

    /// <summary>Hands snapshots to the journal for all symbols with enough changes since their last snapshot.</summary>
    public void TakeAllSnapshots()
    {
        foreach (var symbol in symbols.Values)
        {
            if (symbol.IsSnapshotWorthwhile) Snapshots.Take(symbol);
        }

        Snapshots.HandTo(engine.Journal);
    }

    /// <summary>Hands a snapshot of a symbol to the journal.</summary>
    public void TakeSnapshot(HostedSymbol symbol)
    {
        Snapshots.Take(symbol);
        Snapshots.HandTo(engine.Journal);
    }
}
