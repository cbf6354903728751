using System.Collections.Concurrent;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Retention;
using ActorTrading.Cluster.Shards;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Live;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using Akka.Actor;

namespace ActorTrading.Cluster.Symbols;

/// <summary>What the symbols of a node share. Safe for any number of threads.</summary>
internal sealed class NodeContext(Plan plan, IJournalStore store, ClusterOptions options, LiveHub live)
{
    private readonly Lock sync = new();
    private readonly ConcurrentDictionary<Symbol, IActorRef> awake = [];
    private CompiledPlans plans = new(plan);
    private PlanHistory history = PlanHistory.None;
    private long records;

    public ClusterOptions Options => options;

    public IJournalStore Store => store;

    /// <summary>The journal, for actors.</summary>
    public JournalReads Reads { get; } = new(store);

    public LiveHub Live => live;

    /// <summary>Wakes those who read records, after each event.</summary>
    public CommitPulse Committed { get; } = new();

    /// <summary>What symbols of this node have come back from.</summary>
    public RecoveryTally Recovered { get; } = new(options.Meter?.Meter);

    /// <summary>Whether what they write becomes durable.</summary>
    public WriteHealth Writes { get; } = new(options.WritePatience, TimeProvider.System);

    /// <summary>Whether old events can be deleted.</summary>
    public RetentionHealth Retention { get; } = new(options);

    /// <summary>Where signals go; set before the first symbol comes to life.</summary>
    public Func<IActorRef> Administrator { get; set; } = () => ActorRefs.Nobody;

    /// <summary>The way to symbols wherever they are.</summary>
    public Func<IActorRef> Region { get; set; } = () => ActorRefs.Nobody;

    /// <summary>Told before a record is folded; what it throws, that record has thrown. For tests of poison.</summary>
    public BeforeRecord? BeforeFold { get; init; }

    /// <summary>What they do, by their shards.</summary>
    public ShardBoard Board { get; } = new(options.Shards);

    /// <summary>The symbols that are awake on this node, and where.</summary>
    public IReadOnlyDictionary<Symbol, IActorRef> Awake => awake;

    /// <summary>Records folded on this node since its start.</summary>
    public long Records => Interlocked.Read(ref records);

    /// <summary>The plans that this node knows of.</summary>
    public PlanHistory Plans
    {
        get
        {
            lock (sync) return history;
        }
    }

    public SymbolPlan PlanOf(Symbol symbol) => PlanOf(symbol, out _);

    /// <summary>What a symbol is folded by, and the plans of which that is the last.</summary>
    public SymbolPlan PlanOf(Symbol symbol, out PlanHistory known)
    {
        lock (sync)
        {
            known = history;
            return plans.Of(symbol);
        }
    }

    /// <summary>Symbols that come to life are folded by the last of these from now on.</summary>
    public void GoOver(PlanHistory known)
    {
        lock (sync)
        {
            history = known;
            if (known.Present is { } present) plans = new CompiledPlans(present);
        }
    }

    /// <summary>A symbol has come to life.</summary>
    /// <param name="shard">Its parent.</param>
    public void Enter(Symbol symbol, IActorRef actor, IActorRef shard)
    {
        Board.Host(symbol, shard);
        Recovered.Times.Begin(symbol);
        if (awake.TryAdd(symbol, actor)) Board.Of(symbol).Enter(1);
        else awake[symbol] = actor; // it has restarted
    }

    public void Leave(Symbol symbol)
    {
        Recovered.Times.Forget(symbol);
        if (awake.TryRemove(symbol, out _)) Board.Of(symbol).Enter(-1);
    }

    /// <summary>A symbol as it is counted.</summary>
    public DirectoryEntry EntryOf(HostedSymbol symbol, bool isHashed) => new(
        SymbolSummary.Of(symbol.State, Board.ShardOf(symbol.Symbol)), symbol.HasRecords ? symbol.LastFolded : 0,
        isHashed && symbol.HasRecords ? StateHash.Of(symbol.State) : null);

    /// <summary>An event of so many records is durable and folded.</summary>
    public void Folded(Symbol symbol, long number, int count)
    {
        Board.Of(symbol).Folded(symbol, number, count);
        Interlocked.Add(ref records, count);
        Committed.Beat();
    }
}
