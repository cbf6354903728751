using System.Globalization;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Signals;
using ActorTrading.Domain.Values;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Shards;

/// <summary>
/// Looks at this node's shard region once a second: tells the other nodes what it hosts, answers who asks, and notes whether the region is well.
/// </summary>
internal sealed class ShardWatch : ReceiveActor, IWithTimers
{
    private const int TellEvery = 10;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IActorRef region;
    private readonly ShardWatchParts parts;
    private readonly IActorRef topics = DistributedPubSub.Get(Context.System).Mediator;
    private readonly string me = NodeChain.AddressOf(AkkaCluster.Get(Context.System).SelfAddress);
    private readonly SortedDictionary<int, Timestamp> hosted = [];
    private bool isLooking;
    private int untold;

    public ShardWatch(IActorRef region, ShardWatchParts parts)
    {
        this.region = region;
        this.parts = parts;
        Receive<LookAtRegion>(_ => LookAtRegionNow());
        Receive<Seen>(Take);
        Receive<Status.Failure>(_ => isLooking = false); // the node is going down
        Receive<AskShards>(_ => Sender.Tell(Mine()));
        Receive<NodeShards>(parts.Map.Take);
        Receive<ClusterEvent.MemberRemoved>(gone => parts.Map.Forget(NodeChain.AddressOf(gone.Member.Address)));
        Receive<Terminated>(_ => parts.Health.Stopped());
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(IActorRef region, ShardWatchParts parts) => Props.Create(() => new ShardWatch(region, parts));

    protected override void PreStart()
    {
        Context.Watch(region);
        topics.Tell(new Subscribe(Topics.Shards, Self));
        AkkaCluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        Timers.StartPeriodicTimer(nameof(LookAtRegion), LookAtRegion.Instance, TimeSpan.Zero, Look);
    }

    protected override void PostStop() => AkkaCluster.Get(Context.System).Unsubscribe(Self);

    private void LookAtRegionNow()
    {
        parts.Board.Sample();
        if (isLooking) return;
        isLooking = true;
        SeeAsync().PipeTo(Self);

        async Task<Seen> SeeAsync()
        {
            var (stats, regions) = (AskAsync<ShardRegionStats>(GetShardRegionStats.Instance), AskAsync<CurrentRegions>(GetCurrentRegions.Instance));
            return new Seen(await stats.ConfigureAwait(false), await regions.ConfigureAwait(false));
        }
    }

    /// <summary>Null when there is no answer.</summary>
    private async Task<T?> AskAsync<T>(IShardRegionQuery question)
        where T : class
    {
        try
        {
            return await region.Ask<T>(question, Patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private void Take(Seen seen)
    {
        isLooking = false;
        var isFound = seen.Regions is { Regions.Count: > 0 }; // which only the coordinator knows
        if (seen.Stats is not null || isFound) parts.Health.Answered(isFound);
        if (seen.Stats is not { } stats) return;
        var now = stats.Stats.Keys.Concat(stats.Failed).Select(shard => int.Parse(shard, CultureInfo.InvariantCulture)).ToHashSet();
        var gone = hosted.Keys.Where(shard => !now.Contains(shard)).ToList();
        foreach (var shard in gone)
        {
            hosted.Remove(shard);
            parts.Board.Of(shard).Forget();
        }

        var came = now.Where(shard => !hosted.ContainsKey(shard)).ToList();
        foreach (var shard in came) hosted.Add(shard, Timestamp.FromDateTime(DateTime.UtcNow));
        if (gone.Count + came.Count == 0 && ++untold < TellEvery) return;
        untold = 0;
        var mine = Mine();
        parts.Map.Take(mine);
        topics.Tell(new Publish(Topics.Shards, mine), Self);
    }

    private NodeShards Mine() => new(
        me,
        [.. hosted.Select(shard =>
        {
            var (symbols, records, rate, last) = parts.Board.Of(shard.Key).Read();
            return new HostedShard(shard.Key, shard.Value, symbols, records, rate, last);
        })],
        [.. parts.Window.UnderWay().GroupBy(message => parts.Board.ShardOf(message.Symbol))
            .Select(shard => new AwaitedShard(shard.Key, shard.Sum(message => message.Records), shard.Max(message => message.Age)))]);

    private sealed record Seen(ShardRegionStats? Stats, CurrentRegions? Regions);

    private sealed class LookAtRegion
    {
        public static readonly LookAtRegion Instance = new();
    }
}

/// <summary>What a <see cref="ShardWatch"/> works on.</summary>
internal sealed record ShardWatchParts(ShardBoard Board, SymbolWindow Window, ShardMap Map, RegionHealth Health);
