using System.Collections.Concurrent;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using Akka.Actor;

namespace ActorTrading.Cluster.Shards;

/// <summary>Activity of this node's symbols, by shard. Thread-safe.</summary>
internal sealed class ShardBoard(int shards)
{
    private readonly ConcurrentDictionary<int, ShardMeter> meters = [];
    private readonly ConcurrentDictionary<int, IActorRef> hosted = [];
    private long came;
    private long went;

    /// <summary>The shards that this node hosts, with their actors. A shard is known after its first symbol has been active.</summary>
    public IReadOnlyDictionary<int, IActorRef> Hosted => hosted;

    /// <summary>Number of shards that have moved to this node since its start.</summary>
    public long Came => Interlocked.Read(ref came);

    /// <summary>Number of shards that have moved away.</summary>
    public long Went => Interlocked.Read(ref went);

    /// <summary>The shards with active symbols on this node.</summary>
    public IEnumerable<int> Awake => meters.Where(one => one.Value.Symbols > 0).Select(one => one.Key);

    /// <summary>Notes that this node hosts the shard of a symbol.</summary>
    public void Host(Symbol symbol, IActorRef shard)
    {
        var number = ShardOf(symbol);
        if (!hosted.TryGetValue(number, out var known))
        {
            if (hosted.TryAdd(number, shard)) Interlocked.Increment(ref came);
        }
        else if (!known.Equals(shard))
        {
            hosted[number] = shard; // the shard moved away and came back meanwhile
        }
    }

    /// <summary>Notes that the actor of a shard has stopped.</summary>
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

    /// <summary>Samples all meters; called once a second.</summary>
    public void Sample()
    {
        foreach (var meter in meters.Values) meter.Sample(Environment.TickCount64);
    }
}

/// <summary>Activity of the symbols of one shard on this node. Thread-safe.</summary>
internal sealed class ShardMeter
{
    private const int Samples = 6;

    private readonly Lock sync = new();
    private readonly Queue<(long At, long Records)> samples = new(Samples);
    private int symbols;
    private long records;
    private double rate;
    private ShardEvent? last;

    /// <summary>Number of active symbols.</summary>
    public int Symbols
    {
        get
        {
            lock (sync) return symbols;
        }
    }

    /// <summary>Counts a symbol actor that has started (1) or stopped (-1).</summary>
    public void Enter(int count)
    {
        lock (sync) symbols += count;
    }

    /// <summary>Counts a durable and folded event with <paramref name="count"/> records.</summary>
    public void Folded(Symbol symbol, long number, int count)
    {
        var happened = new ShardEvent(symbol, number, Timestamp.FromDateTime(DateTime.UtcNow));
        lock (sync)
        {
            records += count;
            last = happened;
        }
    }

    /// <summary>Clears the last event, because the shard has moved away.</summary>
    public void Forget()
    {
        lock (sync) last = null;
    }

    /// <summary>Samples the record count for the rate.</summary>
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

    /// <summary>The current values; the rate is in records per second.</summary>
    public (int Symbols, long Records, double Rate, ShardEvent? Last) Read()
    {
        lock (sync) return (symbols, records, rate, last);
    }
}
