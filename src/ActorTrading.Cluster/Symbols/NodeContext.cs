using System.Collections.Concurrent;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Retention;
using ActorTrading.Cluster.Shards;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Live;
using ActorTrading.Engine.Recovering;
using Akka.Actor;

namespace ActorTrading.Cluster.Symbols;

/// <summary>State that the symbol actors of a node share. Thread-safe.</summary>
internal sealed class NodeContext(Plan plan, IJournalStore store, ClusterOptions options, LiveHub live)
{
    private readonly Lock sync = new();
    private readonly ConcurrentDictionary<Symbol, IActorRef> awake = [];
    private CompiledPlans plans = new(plan);
    private PlanHistory history = PlanHistory.None;
    private long records;
    private volatile bool areRejectsFollowed;

    public ClusterOptions Options => options;

    public IJournalStore Store => store;

    /// <summary>Asynchronous journal reads for actors.</summary>
    public JournalReads Reads { get; } = new(store);

    public LiveHub Live => live;

    /// <summary>Whether the topic of rejections has subscribers anywhere in the cluster.</summary>
    public bool AreRejectsFollowed
    {
        get => areRejectsFollowed;
        set => areRejectsFollowed = value;
    }

    /// <summary>Signals readers of records after each durable event.</summary>
    public CommitPulse Committed { get; } = new();

    /// <summary>Recovery statistics of the symbols of this node.</summary>
    public RecoveryTally Recovered { get; } = new(options.Meter?.Meter);

    /// <summary>Health of the symbols' journal writes.</summary>
    public WriteHealth Writes { get; } = new(options.WritePatience, TimeProvider.System);

    /// <summary>Health of the deletion of old events.</summary>
    public RetentionHealth Retention { get; } = new(options);

    /// <summary>Returns the administrator, to which symbols send their signals. Set before the first symbol actor starts.</summary>
    public Func<IActorRef> Administrator { get; set; } = () => ActorRefs.Nobody;

    /// <summary>Returns the shard region of symbols.</summary>
    public Func<IActorRef> Region { get; set; } = () => ActorRefs.Nobody;

    /// <summary>
    /// Test hook: called before each record is folded. An exception that it throws counts as an exception of that record.
    /// </summary>
    public BeforeRecord? BeforeFold { get; init; }

    /// <summary>Activity of the symbols, by shard.</summary>
    public ShardBoard Board { get; } = new(options.Shards);

    /// <summary>The active symbols of this node, with their actors.</summary>
    public IReadOnlyDictionary<Symbol, IActorRef> Awake => awake;

    /// <summary>Records folded on this node since its start.</summary>
    public long Records => Interlocked.Read(ref records);

    /// <summary>The plans that this node has read.</summary>
    public PlanHistory Plans
    {
        get
        {
            lock (sync) return history;
        }
    }

    public SymbolPlan PlanOf(Symbol symbol) => PlanOf(symbol, out _);

    /// <summary>The settings by which a symbol is folded, and the plan history whose last plan contains them.</summary>
    public SymbolPlan PlanOf(Symbol symbol, out PlanHistory known)
    {
        lock (sync)
        {
            known = history;
            return plans.Of(symbol);
        }
    }

    /// <summary>Sets the known plans. Symbol actors that start later fold by the last of them.</summary>
    public void SwitchPlan(PlanHistory known)
    {
        lock (sync)
        {
            history = known;
            if (known.Present is { } present) plans = new CompiledPlans(present);
        }
    }

    /// <summary>Registers a symbol actor that starts.</summary>
    /// <param name="shard">The parent of the actor.</param>
    public void Enter(Symbol symbol, IActorRef actor, IActorRef shard)
    {
        Board.Host(symbol, shard);
        Recovered.Times.Begin(symbol);
        if (awake.TryAdd(symbol, actor)) Board.Of(symbol).Enter(1);
        else awake[symbol] = actor; // the actor has restarted
    }

    public void Leave(Symbol symbol)
    {
        Recovered.Times.Forget(symbol);
        if (awake.TryRemove(symbol, out _)) Board.Of(symbol).Enter(-1);
    }

    /// <summary>Counts a durable and folded event with <paramref name="count"/> records, and wakes readers.</summary>
    public void Folded(Symbol symbol, long number, int count)
    {
        Board.Of(symbol).Folded(symbol, number, count);
        Interlocked.Add(ref records, count);
        Committed.Beat();
    }
}
