using System.Net;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire.Generation;

namespace ActorTrading.Host.Crashing;

/// <summary>
/// A feed that sends a hostile market as fast as the node takes it, keeps what is not acknowledged, and now and then is itself
/// replaced by another that does not quite know how far it had come.
/// </summary>
internal sealed class CrashFeed : IAsyncDisposable
{
    private const int BlockRecords = 512;
    private const int Forgotten = 2_000; // acknowledged records that a new client may send once more

    private readonly int number;
    private readonly IPEndPoint node;
    private readonly MarketGenerator generator;
    private readonly List<Record> kept = [];
    private readonly Lock gate = new(); // guards kept, first, acknowledged
    private long first; // the index in the stream of the first record kept
    private long acknowledged;
    private long resent;
    private volatile bool isEnding;
    private long origin; // the index of the first record that the present client was given
    private FeedClient client;
    private CancellationTokenSource pumping;
    private Task pump;

    public CrashFeed(int number, CrashOptions options, IPEndPoint node)
    {
        this.number = number;
        this.node = node;
        var hostile = MarketOptions.Hostile;
        generator = new MarketGenerator(hostile with
        {
            Symbols = options.Symbols,
            Names = [.. Enumerable.Range(0, options.Symbols).Select(index => $"F{number}S{index:000}")],
            Ticks = 5_000_000_000, // more than any test gets through
            Step = Timestamp.Second / 10,
            Seed = (options.Seed * 1_000_003) + (ulong)number,
            Source = $"market-{number}",
            // The economy is one symbol for all feeds: only one of them may tell of it, or its order would be anybody's guess.
            Kinds = number == 0 ? hostile.Kinds : hostile.Kinds with { EconomicIndicator = 0 },
        });
        (client, pumping, pump) = Begin(0);
    }

    /// <summary>How many records of the stream are acknowledged.</summary>
    public long Acknowledged
    {
        get
        {
            lock (gate) return acknowledged = Math.Max(acknowledged, origin + client.Status.Acknowledged);
        }
    }

    /// <summary>Records sent more than once.</summary>
    public long Resent => resent + client.Status.Sent - client.Status.Acknowledged;

    /// <summary>
    /// Hands over the records up to an index that were not handed over before, in their order, and forgets all but the last of them.
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

    /// <summary>Ends the client in the midst of its work; another begins a little before the last record that was acknowledged.</summary>
    public async Task ReplaceClientAsync(Random random)
    {
        await EndAsync();
        var from = Math.Max(first, Acknowledged - random.Next(Forgotten));
        resent += client.Status.Sent - client.Status.Acknowledged + Acknowledged - from;
        (client, pumping, pump) = Begin(from);
    }

    /// <summary>Makes up no more records, and waits until all are acknowledged.</summary>
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
            // As it was told to.
        }

        await client.DisposeAsync();
    }

    private (FeedClient Client, CancellationTokenSource Pumping, Task Pump) Begin(long from)
    {
        var next = new FeedClient(new FeedOptions
        {
            Host = node.Address.ToString(), Port = node.Port, Source = Source.Parse($"crash-{number}"), Binary = number % 2 == 1,
            FirstBackOff = TimeSpan.FromMilliseconds(20), MaxBackOff = TimeSpan.FromMilliseconds(100),
        });
        var stop = new CancellationTokenSource();
        origin = from;
        return (next, stop, Task.Run(() => PumpAsync(next, from, stop.Token)));
    }

    private async Task PumpAsync(FeedClient to, long at, CancellationToken cancellation)
    {
        while (Block(at) is { Length: > 0 } block)
        {
            await to.SendAsync(block, cancellation);
            at += block.Length;
        }
    }

    /// <summary>The next records from an index on: those that are kept, or new ones; none at the end.</summary>
    private Record[] Block(long at)
    {
        lock (gate)
        {
            var known = (int)(first + kept.Count - at);
            if (known > 0) return [.. kept.GetRange((int)(at - first), Math.Min(known, BlockRecords))];
            if (isEnding) return [];
            for (var i = 0; i < BlockRecords && generator.TryNext(out var record); i++) kept.Add(record);
            return [.. kept.GetRange((int)(at - first), (int)(first + kept.Count - at))];
        }
    }
}
