using System.Diagnostics;
using System.Net;
using ActorTrading.Host;
using ActorTrading.Host.Clustering;
using ActorTrading.Lab.Crashing;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// The feeds of a cluster, as their owners would run them: one that loses its node goes on at the next, and so does one that has
/// waited too long. For one thread.
/// </summary>
internal sealed class ChaosFeeds : IAsyncDisposable
{
    private static readonly TimeSpan Restless = TimeSpan.FromSeconds(5); // without an ack
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly LocalCluster cluster;
    private readonly CrashWitness witness;
    private readonly List<CrashFeed> feeds = [];
    private readonly List<FileMarket> files = [];
    private readonly long[] taken;
    private readonly (long Acknowledged, long At)[] gotOn; // the last ack of each feed, or its move to another node

    public ChaosFeeds(ChaosOptions options, LocalCluster cluster, CrashWitness witness)
    {
        (this.cluster, this.witness) = (cluster, witness);
        taken = new long[options.Feeds];
        gotOn = new (long, long)[options.Feeds];
        for (var number = 0; number < options.Feeds; number++)
            feeds.Add(new CrashFeed(number, MarketOf(number, options), HomeOf(number), Math.Max(1, options.Rate / options.Feeds)));
    }

    /// <summary>Records of all feeds that are acknowledged.</summary>
    public long Acknowledged => feeds.Sum(feed => feed.Acknowledged);

    /// <summary>Records of all feeds that were sent more than once.</summary>
    public long Resent => feeds.Sum(feed => feed.Resent);

    /// <summary>Whether all that was made up is acknowledged; pause them before.</summary>
    public bool AreSettled => feeds.TrueForAll(feed => feed.IsSettled);

    /// <summary>Whether there is nothing more to make up.</summary>
    public bool AreAtEnd => feeds.TrueForAll(feed => feed.IsAtEnd);

    /// <summary>Looks at all feeds, and has those go on elsewhere that must; call it all the time.</summary>
    /// <param name="mayWander">Whether one that has waited too long for an ack tries another node.</param>
    public async Task LookAsync(bool mayWander, CancellationToken cancellation)
    {
        for (var number = 0; number < feeds.Count; number++)
        {
            var feed = feeds[number];
            if (feed.Fault is { } fault) throw new CommandException(ExitCode.BadInput, $"Feed {number} cannot go on: {fault.Message}");
            var waited = feed.Look();
            if (feed.Acknowledged is var known && known > gotOn[number].Acknowledged) gotOn[number] = (known, Stopwatch.GetTimestamp());
            var hasWaited = mayWander && waited > Restless && Stopwatch.GetElapsedTime(gotOn[number].At) > Restless;
            if (!feed.HasLostNode && !hasWaited) continue;
            var nodes = Addresses();
            if (nodes.Count == 0 || (nodes.Count == 1 && nodes[0].Equals(feed.Node) && hasWaited)) continue;
            await MoveAsync(number, nodes[(nodes.IndexOf(feed.Node) + 1) % nodes.Count]);
        }

        await Task.Delay(Look, cancellation);
    }

    /// <summary>Sends each feed to its own node; returns how many records it had made up when it had arrived there.</summary>
    public async Task<long[]> GoHomeAsync()
    {
        for (var number = 0; number < feeds.Count; number++)
        {
            if (!feeds[number].Node.Equals(HomeOf(number)) || feeds[number].HasLostNode) await MoveAsync(number, HomeOf(number));
        }

        return [.. feeds.Select(feed => feed.MadeUp)];
    }

    /// <summary>
    /// Whether each feed is at its own node, and has an ack from there beyond what it had made up then, or for the last record there is.
    /// </summary>
    public bool HaveGotOn(long[] since)
    {
        for (var number = 0; number < feeds.Count; number++)
        {
            var feed = feeds[number];
            if (!feed.Node.Equals(HomeOf(number))) return false;
            if (feed.Acknowledged <= since[number] && !(feed.IsAtEnd && feed.Acknowledged == feed.MadeUp)) return false;
        }

        return true;
    }

    /// <summary>Whether each feed is at its own node.</summary>
    public bool AreHome =>
        Enumerable.Range(0, feeds.Count).All(number => feeds[number].Node.Equals(HomeOf(number)) && !feeds[number].HasLostNode);

    /// <summary>Makes up no more records.</summary>
    public void Pause() => feeds.ForEach(feed => feed.Pause());

    /// <summary>Makes up records again.</summary>
    public void Resume() => feeds.ForEach(feed => feed.Resume());

    /// <summary>Tells the witness what is acknowledged by now; returns how much that is.</summary>
    public long Acknowledge()
    {
        for (var i = 0; i < feeds.Count; i++) feeds[i].TakeUntil(feeds[i].Acknowledged, ref taken[i], witness.Acknowledged);
        return taken.Sum();
    }

    /// <summary>The longest that a record waited for its ack since this was last asked.</summary>
    public TimeSpan TakeLongestWait() => feeds.Max(feed => feed.TakeLongestWait());

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in feeds) await feed.DisposeAsync();
        foreach (var file in files) await file.DisposeAsync();
    }

    private NextRecord MarketOf(int number, ChaosOptions options)
    {
        if (options.Files is not { } records) return CrashFeed.HostileMarket(number, options.Symbols, options.Seed);
        var file = new FileMarket(records, number, options.Feeds);
        files.Add(file);
        return new HostileRecords(file.TryNext, options.Seed + (ulong)number).TryNext;
    }

    private List<IPEndPoint> Addresses() => [.. cluster.Ready.Select(node => IPEndPoint.Parse(node.Ticks))];

    private IPEndPoint HomeOf(int number) =>
        Addresses() is { Count: > 0 } nodes ? nodes[number % nodes.Count] : new IPEndPoint(IPAddress.Loopback, 0);

    private async Task MoveAsync(int number, IPEndPoint to)
    {
        await feeds[number].MoveToAsync(to);
        gotOn[number].At = Stopwatch.GetTimestamp();
    }
}
