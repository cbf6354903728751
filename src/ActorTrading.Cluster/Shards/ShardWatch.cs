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
/// Publishes the shards that this node hosts, answers queries about them, and checks the shard region once a second. Uses death watch
/// on the shard actors. GetShardRegionStats would query all of them each time, and a stopping shard would not answer for 3 s and
/// cause a warning in the log.
/// </summary>
internal sealed class ShardWatch : ReceiveActor, IWithTimers
{
    private const int TellEvery = 10;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly IActorRef region;
    private readonly ShardWatchParts parts;
    private readonly IActorRef topics = DistributedPubSub.Get(Context.System).Mediator;
    private readonly string me = ClusterNodeBuilder.AddressOf(AkkaCluster.Get(Context.System).SelfAddress);
    private readonly SortedDictionary<int, (IActorRef Actor, Timestamp Since)> hosted = [];
    private bool isProbing;
    private bool hasChanged;
    private int untold;

    public ShardWatch(IActorRef region, ShardWatchParts parts)
    {
        this.region = region;
        this.parts = parts;
        Receive<Poll>(_ => PollNow());
        Receive<Probed>(probed =>
        {
            isProbing = false;
            if (probed.Answers || probed.HasCoordinator) parts.Health.Answered(probed.HasCoordinator);
        });
        Receive<Status.Failure>(_ => isProbing = false); // the node is going down
        Receive<ShardStopped>(Forget);
        Receive<GetShards>(_ =>
        {
            FindShards();
            Sender.Tell(Mine());
        });
        Receive<NodeShards>(parts.Map.Take);
        Receive<ClusterEvent.MemberRemoved>(gone => parts.Map.Forget(ClusterNodeBuilder.AddressOf(gone.Member.Address)));
        Receive<Terminated>(_ => parts.Health.Stopped());
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(IActorRef region, ShardWatchParts parts) => Props.Create(() => new ShardWatch(region, parts));

    protected override void PreStart()
    {
        Context.Watch(region);
        topics.Tell(new Subscribe(Topics.Shards, Self));
        AkkaCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
        Timers.StartPeriodicTimer(nameof(Poll), Poll.Instance, TimeSpan.Zero, PollInterval);
    }

    protected override void PostStop() => AkkaCluster.Get(Context.System).Unsubscribe(Self);

    private void PollNow()
    {
        parts.Board.Sample();
        FindShards();
        TellIfDue();
        if (isProbing) return;
        isProbing = true;
        ProbeAsync().PipeTo(Self);

        async Task<Probed> ProbeAsync()
        {
            var (answer, regions) = (AskAsync<ActorIdentity>(new Identify(null)), AskAsync<CurrentRegions>(GetCurrentRegions.Instance));
            // Only the coordinator knows the regions.
            return new Probed(
                await answer.ConfigureAwait(false) is not null, await regions.ConfigureAwait(false) is { Regions.Count: > 0 });
        }
    }

    /// <summary>Null without an answer.</summary>
    private async Task<T?> AskAsync<T>(object question)
        where T : class
    {
        try
        {
            return await region.Ask<T>(question, Timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Finds new shards in which symbols have become active.</summary>
    private void FindShards()
    {
        foreach (var (shard, actor) in parts.Board.Hosted)
        {
            if (hosted.TryGetValue(shard, out var known) && known.Actor.Equals(actor)) continue;
            Context.WatchWith(actor, new ShardStopped(shard, actor));
            hosted[shard] = (actor, Timestamp.FromDateTime(DateTime.UtcNow));
            hasChanged = true;
        }
    }

    private void Forget(ShardStopped stopped)
    {
        parts.Board.Unhost(stopped.Shard, stopped.Actor);
        if (!hosted.TryGetValue(stopped.Shard, out var known) || !known.Actor.Equals(stopped.Actor)) return; // it moved back meanwhile
        hosted.Remove(stopped.Shard);
        hasChanged = true;
    }

    private void TellIfDue()
    {
        if (!hasChanged && ++untold < TellEvery) return;
        hasChanged = false;
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
            return new HostedShard(shard.Key, shard.Value.Since, symbols, records, rate, last);
        })],
        [.. parts.Window.UnderWay().GroupBy(message => parts.Board.ShardOf(message.Symbol))
            .Select(shard => new AwaitedShard(shard.Key, shard.Sum(message => message.Records), shard.Max(message => message.Age)))]);

    private sealed record Probed(bool Answers, bool HasCoordinator);

    private sealed record ShardStopped(int Shard, IActorRef Actor);

    private sealed class Poll
    {
        public static readonly Poll Instance = new();
    }
}

/// <summary>Dependencies of a <see cref="ShardWatch"/>.</summary>
internal sealed record ShardWatchParts(ShardBoard Board, InFlightWindow Window, ShardMap Map, RegionHealth Health)
{
    /// <summary>
    /// Number of shards to which this node has records in flight and which no node reports as hosted: during a hand-off, or before
    /// they are first allocated.
    /// </summary>
    public int Homeless =>
        Window.UnderWay().Select(message => Board.ShardOf(message.Symbol)).Distinct().Count(shard => !Map.HasOwner(shard));
}
