using System.Diagnostics.Metrics;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Shards;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Hosting;
using Akka.Persistence;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Telemetry;

/// <summary>
/// Metrics of Akka.NET on this node: members, shards, mailboxes and dead letters. They are observed on demand, without messages to
/// actors. docs/metrics.md lists all of them.
/// </summary>
internal sealed class ActorSystemMetrics
{
    private static readonly (string Name, string[] Path)[] Singletons =
    [
        ("coordinator", ["system", "sharding", $"{ClusterNodeBuilder.SymbolRegion}Coordinator", "singleton", "coordinator"]),
        ("administrator", ["user", "administrator", "administrator", "one"]),
    ];

    private readonly Meter meter;
    private readonly ActorSystem system;
    private readonly AkkaCluster cluster;

    private ActorSystemMetrics(Meter meter, ActorSystem system, ShardWatchParts shards)
    {
        (this.meter, this.system, cluster) = (meter, system, AkkaCluster.Get(system));
        AboutMembers();
        AboutShards(shards);
        Gauge("mailbox.messages", "{message}", "Messages in the mailbox of an actor of this node.", Mailboxes);
        var letters = new DeadLetterCounts();
        system.ActorOf(DeadLetterListener.For(letters), "dead-letter-listener");
        Counter(
            "dead.letters", "{message}", "Messages that no actor has handled.",
            () => letters.All.Select(count => One(count.Messages, "kind", count.Kind)));
    }

    /// <summary>Registers the metrics at a meter; null: none.</summary>
    public static void Show(Meter? meter, ActorSystem system, ShardWatchParts shards)
    {
        if (meter is not null) _ = new ActorSystemMetrics(meter, system, shards);
    }

    private void AboutMembers()
    {
        Gauge("cluster.members", "{node}", "Members of the cluster as this node sees them.", () =>
        {
            var members = cluster.State.Members;
            return Enum.GetValues<MemberStatus>().Where(status => status != MemberStatus.Removed)
                .Select(status => One(members.Count(member => member.Status == status), "status", status.ToString().ToLowerInvariant()));
        });
        Gauge(
            "cluster.unreachable", "{node}", "Members that are unreachable, as this node or another node has detected.",
            () => [new(cluster.State.Unreachable.Count)]);
        Gauge(
            "cluster.leader", "1", "1 on the leader of the cluster, 0 on the others.",
            () => [new(cluster.SelfAddress.Equals(cluster.State.Leader) ? 1 : 0)]);
    }

    private void AboutShards(ShardWatchParts shards)
    {
        var board = shards.Board;
        Gauge("shard.hosted", "{shard}", "Shards that this node hosts.", () => [new(board.Hosted.Count)]);
        Counter(
            "shard.moves", "{shard}", "Shards that moved to this node or away from it.",
            () => [One(board.Came, "direction", "in"), One(board.Went, "direction", "out")]);
        Gauge(
            "shard.homeless", "{shard}",
            "Shards with records in flight from this node, and without a host that this node knows.",
            () => [new(shards.Homeless)]);
        Gauge(
            "shard.region.up", "1", "1 when the shard region of this node answers and has reached its coordinator, otherwise 0.",
            () => [new(shards.Health.Fault is null ? 1 : 0)]);
    }

    private IEnumerable<Measurement<long>> Mailboxes()
    {
        if (system.WhenTerminated.IsCompleted) yield break;
        var registry = ActorRegistry.For(system);
        if (registry.TryGet<ActorKeys.Symbols>(out var region)) yield return Mailbox("region", region);
        if (registry.TryGet<ActorKeys.Window>(out var window)) yield return Mailbox("window", window);
        if (registry.TryGet<ActorKeys.Gateway>(out var gateway)) yield return Mailbox("gateway", gateway);
        if (registry.TryGet<ActorKeys.Live>(out var live)) yield return Mailbox("live", live);
        yield return Mailbox("topics", DistributedPubSub.Get(system).Mediator);
        yield return Mailbox("journal", Persistence.Instance.Apply(system).JournalFor(null));
        foreach (var (name, path) in Singletons)
        {
            var actor = ((ExtendedActorSystem)system).Provider.ResolveActorRef(new RootActorPath(cluster.SelfAddress) / path);
            if (actor is ActorRefWithCell) yield return Mailbox(name, actor); // runs on this node
        }
    }

    private static Measurement<long> Mailbox(string name, IActorRef actor) =>
        One(actor is ActorRefWithCell { Underlying: { } cell } ? cell.NumberOfMessages : 0, "actor", name);

    private void Gauge(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> observe) =>
        meter.CreateObservableGauge($"actortrading.{name}", observe, unit, description);

    private void Counter(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> observe) =>
        meter.CreateObservableCounter($"actortrading.{name}", observe, unit, description);

    private static Measurement<long> One(long value, string label, string of) => new(value, new KeyValuePair<string, object?>(label, of));
}
