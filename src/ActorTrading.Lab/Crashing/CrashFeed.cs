using System.Diagnostics;
using System.Net;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Simulation;

namespace ActorTrading.Lab.Crashing;

/// <summary>Generates the next record of a market; false at its end.</summary>
internal delegate bool NextRecord(out Record record);

/// <summary>
/// A feed that sends a market as fast as the node accepts it, or at a fixed rate. It keeps unacknowledged records. Its client is sometimes
/// replaced by one that does not know the exact position, or moves to another node.
/// </summary>
internal sealed class CrashFeed : IAsyncDisposable
{
    private const int BlockRecords = 512;
    private const int Forgotten = 2_000; // number of acknowledged records that a new client may resend

    private const int BlocksPerSecond = 20; // when a rate is set

    private readonly int number;
    private readonly int? perSecond;
    private readonly NextRecord next;
    private readonly List<Record> kept = [];
    private readonly Queue<(long End, long At)> waiting = new(); // ends of blocks, with the time of their first sending
    private readonly Lock gate = new(); // guards kept, first, acknowledged, waiting, handedOver
    private long first; // the index in the stream of the first record kept
    private long acknowledged;
    private long handedOver;
    private long resent;
    private TimeSpan longestWait;
    private IPEndPoint node;
    private volatile bool isEnding;
    private volatile bool hasLost;
    private volatile bool isAtEnd;
    private long origin; // the index of the current client's first record
    private FeedClient client;
    private CancellationTokenSource pumping;
    private Task pump;

    public CrashFeed(int number, NextRecord next, IPEndPoint node, int? perSecond = null)
    {
        (this.number, this.next, this.node, this.perSecond) = (number, next, node, perSecond);
        (client, pumping, pump) = Begin(0);
    }

    /// <summary>Creates a hostile market for one of several feeds; no two feeds trade the same symbols.</summary>
    public static NextRecord HostileMarket(int number, int symbols, ulong seed)
    {
        var hostile = MarketOptions.Hostile;
        return new MarketGenerator(hostile with
        {
            Symbols = symbols,
            Names = [.. Enumerable.Range(0, symbols).Select(index => $"F{number}S{index:000}")],
            Ticks = 5_000_000_000, // more than any test can process
            Step = Timestamp.Second / 10,
            Seed = (seed * 1_000_003) + (ulong)number,
            Source = $"market-{number}",
            // The economy is one symbol for all feeds: only one feed may send it, because otherwise its order would be unknown.
            Kinds = number == 0 ? hostile.Kinds : hostile.Kinds with { EconomicIndicator = 0 },
        }).TryNext;
    }

    /// <summary>The node that it sends to.</summary>
    public IPEndPoint Node => node;

    /// <summary>Whether the connection to the current node was lost.</summary>
    public bool HasLostNode => hasLost;

    /// <summary>Number of records generated so far.</summary>
    public long MadeUp
    {
        get
        {
            lock (gate) return first + kept.Count;
        }
    }

    /// <summary>Whether the market has ended.</summary>
    public bool IsAtEnd => isAtEnd;

    /// <summary>Whether it generates no more records and all are acknowledged.</summary>
    public bool IsSettled => isEnding && pump.IsCompletedSuccessfully && Acknowledged == MadeUp;

    /// <summary>The exception that stopped the feed; null for none.</summary>
    public Exception? Fault => pump.Exception?.InnerException;

    /// <summary>Number of acknowledged records of the stream.</summary>
    public long Acknowledged
    {
        get
        {
            lock (gate) return acknowledged = Math.Max(acknowledged, origin + client.Status.Acknowledged);
        }
    }

    /// <summary>Number of records sent more than once.</summary>
    public long Resent => resent + client.Status.Sent - client.Status.Acknowledged;

    /// <summary>
    /// Passes the records up to an index that were not passed before to a callback, in their order. Then discards all but the last of them.
    /// </summary>
    public void TakeUntil(long index, ref long taken, Action<Record> take)
    {
        Record[] records;
        lock (gate)
        {
            records = [.. kept.GetRange((int)(taken - first), (int)(index - taken))];
            var useless = (int)Math.Max(0, index - Forgotten - first);
            kept.RemoveRange(0, useless);
            first += useless;
        }

        taken = index;
        foreach (var record in records) take(record);
    }

    /// <summary>
    /// Checks for new acknowledgements. Call it often: it determines the resolution of the waiting times. Returns how long the oldest
    /// unacknowledged record has waited.
    /// </summary>
    public TimeSpan Poll()
    {
        var known = Acknowledged;
        lock (gate)
        {
            while (waiting.TryPeek(out var block))
            {
                var wait = Stopwatch.GetElapsedTime(block.At);
                if (block.End > known) return wait;
                if (wait > longestWait) longestWait = wait;
                waiting.Dequeue();
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>The longest wait of a record for its ack since the last call, including resends and moves to other nodes.</summary>
    public TimeSpan TakeLongestWait()
    {
        lock (gate)
        {
            var longest = longestWait;
            longestWait = TimeSpan.Zero;
            return longest;
        }
    }

    /// <summary>Moves to another node, which receives the unacknowledged records again.</summary>
    public async Task MoveToAsync(IPEndPoint other)
    {
        await EndAsync();
        var from = Acknowledged;
        resent += client.Status.Sent - client.Status.Acknowledged;
        node = other;
        hasLost = false;
        (client, pumping, pump) = Begin(from);
    }

    /// <summary>Stops the client in the middle of its work. A new client starts shortly before the last acknowledged record.</summary>
    public async Task ReplaceClientAsync(Random random)
    {
        await EndAsync();
        var from = Math.Max(first, Acknowledged - random.Next(Forgotten));
        resent += client.Status.Sent - client.Status.Acknowledged + Acknowledged - from;
        (client, pumping, pump) = Begin(from);
    }

    /// <summary>Stops generating records; <see cref="IsSettled"/> when all are acknowledged.</summary>
    public void Pause() => isEnding = true;

    /// <summary>Continues generating records.</summary>
    public void Resume()
    {
        isEnding = false;
        var to = client;
        pumping.Dispose();
        pumping = new CancellationTokenSource();
        var (from, token) = (MadeUp, pumping.Token);
        pump = Task.Run(() => PumpAsync(to, from, token), token);
    }

    /// <summary>Stops generating records, and waits until all are acknowledged.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        isEnding = true;
        await pump.WaitAsync(cancellation);
        await client.FlushAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        pumping.Dispose();
    }

    private async Task EndAsync()
    {
        await pumping.CancelAsync();
        try
        {
            await pump;
        }
        catch (OperationCanceledException)
        {
            // Cancelled.
        }

        await client.DisposeAsync();
    }

    private (FeedClient Client, CancellationTokenSource Pumping, Task Pump) Begin(long from)
    {
        var begun = new FeedClient(new FeedOptions
        {
            Host = node.Address.ToString(), Port = node.Port, Source = Source.Parse($"crash-{number}"), Binary = number % 2 == 1,
            FirstBackOff = TimeSpan.FromMilliseconds(20), MaxBackOff = TimeSpan.FromMilliseconds(100), OnDisconnect = _ => hasLost = true,
        });
        var stop = new CancellationTokenSource();
        origin = from;
        return (begun, stop, Task.Run(() => PumpAsync(begun, from, stop.Token)));
    }

    private async Task PumpAsync(FeedClient to, long at, CancellationToken cancellation)
    {
        while (Block(at) is { Length: > 0 } block)
        {
            bool isNew;
            lock (gate)
            {
                isNew = at + block.Length > handedOver;
                if (isNew) waiting.Enqueue((handedOver = at + block.Length, Stopwatch.GetTimestamp()));
            }

            await to.SendAsync(block, cancellation);
            at += block.Length;

            // Resent records go as fast as the node accepts them; otherwise the feed would stay behind by the time it has waited.
            if (isNew && perSecond is { } rate) await Task.Delay(TimeSpan.FromSeconds((double)block.Length / rate), cancellation);
        }
    }

    /// <summary>The next records from an index: kept ones, or new ones; empty at the end.</summary>
    private Record[] Block(long at)
    {
        lock (gate)
        {
            var known = (int)(first + kept.Count - at);
            if (known > 0) return [.. kept.GetRange((int)(at - first), Math.Min(known, BlockRecords))];
            if (isEnding) return [];
            var most = perSecond is { } rate ? Math.Clamp(rate / BlocksPerSecond, 1, BlockRecords) : BlockRecords;
            for (var i = 0; i < most && !isAtEnd; i++)
            {
                if (next(out var record)) kept.Add(record);
                else isAtEnd = true;
            }

            return [.. kept.GetRange((int)(at - first), (int)(first + kept.Count - at))];
        }
    }
}
