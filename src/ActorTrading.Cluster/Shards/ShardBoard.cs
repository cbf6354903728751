using System.Collections.Concurrent;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using Akka.Actor;

namespace ActorTrading.Cluster.Shards;

/// <summary>What the symbols of this node do, by their shards. Safe for any number of threads.</summary>
internal sealed class ShardBoard(int shards)
{
    private readonly ConcurrentDictionary<int, ShardMeter> meters = [];
    private readonly ConcurrentDictionary<int, IActorRef> hosted = [];
    private long came;
    private long went;

    /// <summary>The shards that this node hosts: each has had a symbol awake since its actor was started.</summary>
    public IReadOnlyDictionary<int, IActorRef> Hosted => hosted;

    /// <summary>Shards that have come to this node since its start.</summary>
    public long Came => Interlocked.Read(ref came);

    /// <summary>Shards that have gone from it.</summary>
    public long Went => Interlocked.Read(ref went);

    /// <summary>The shards of which symbols are awake here.</summary>
    public IEnumerable<int> Awake => meters.Where(one => one.Value.Symbols > 0).Select(one => one.Key);

    /// <summary>This node hosts a symbol's shard.</summary>
    public void Host(Symbol symbol, IActorRef shard)
    {
        var number = ShardOf(symbol);
        if (!hosted.TryGetValue(number, out var known))
        {
            if (hosted.TryAdd(number, shard)) Interlocked.Increment(ref came);
        }
        else if (!known.Equals(shard))
        {
            hosted[number] = shard; // it went and came back before that was seen
        }
    }

    /// <summary>The actor of a shard has stopped.</summary>
    public void Unhost(int shard, IActorRef actor)
    {
        if (!hosted.TryRemove(KeyValuePair.Create(shard, actor))) return;
        Interlocked.Increment(ref went);
        Of(shard).Forget();
    }

    /// <summary>The shard of a symbol, from 0.</summary>
    public int ShardOf(Symbol symbol) => PersistenceIds.PartitionOf(symbol, shards);

    /// <summary>The meter of a shard.</summary>
    public ShardMeter Of(int shard) => meters.GetOrAdd(shard, static _ => new ShardMeter());

    /// <summary>The meter of a symbol's shard.</summary>
    public ShardMeter Of(Symbol symbol) => Of(ShardOf(symbol));

    /// <summary>Notes how far each has come; called once a second.</summary>
    public void Sample()
    {
        foreach (var meter in meters.Values) meter.Sample(Environment.TickCount64);
    }
}

/// <summary>What the symbols of one shard do on this node. Safe for any number of threads.</summary>
internal sealed class ShardMeter
{
    private const int Samples = 6;

    private readonly Lock sync = new();
    private readonly Queue<(long At, long Records)> samples = new(Samples);
    private int symbols;
    private long records;
    private double rate;
    private ShardEvent? last;

    /// <summary>Symbols that are awake.</summary>
    public int Symbols
    {
        get
        {
            lock (sync) return symbols;
        }
    }

    /// <summary>A symbol has come to life, or has stopped (-1).</summary>
    public void Enter(int count)
    {
        lock (sync) symbols += count;
    }

    /// <summary>An event of so many records is durable and folded.</summary>
    public void Folded(Symbol symbol, long number, int count)
    {
        var happened = new ShardEvent(symbol, number, Timestamp.FromDateTime(DateTime.UtcNow));
        lock (sync)
        {
            records += count;
            last = happened;
        }
    }

    /// <summary>The shard has gone: what happens to it is seen elsewhere.</summary>
    public void Forget()
    {
        lock (sync) last = null;
    }

    /// <summary>Notes how far it has come at a moment, in milliseconds.</summary>
    public void Sample(long now)
    {
        lock (sync)
        {
            if (samples.Count == Samples) samples.Dequeue();
            samples.Enqueue((now, records));
            var (since, before) = samples.Peek();
            rate = now > since ? (records - before) * 1000.0 / (now - since) : 0;
        }
    }

    /// <summary>What it shows.</summary>
    public (int Symbols, long Records, double Rate, ShardEvent? Last) Read()
    {
        lock (sync) return (symbols, records, rate, last);
    }
}
