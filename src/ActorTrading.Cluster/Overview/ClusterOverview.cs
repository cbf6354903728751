using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Shards;
using ActorTrading.Engine;
using ActorTrading.Engine.Nodes;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Overview;

/// <summary>
/// Combined reports of all nodes, for dashboards. Unreachable nodes are not asked, and a node without an answer delays the report by
/// one second, so a dashboard that refreshes once a second shows a failing node in time. Thread-safe.
/// </summary>
internal sealed class ClusterOverview(
    ActorSystem system, ClusterOptions options, ShardMap map, ClusterHistory history, ClusterQueries queries)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly AkkaCluster cluster = AkkaCluster.Get(system);

    /// <summary>The current state of the cluster, and the events after a number.</summary>
    public async Task<ClusterReport> ReportAsync(long afterEvent, CancellationToken cancellation)
    {
        queries.ThrowIfStopped();
        var state = cluster.State;
        var members = state.Members.OrderBy(member => ClusterNodeBuilder.AddressOf(member.Address), StringComparer.Ordinal).ToList();
        var telling = AskAllAsync<NodeStatus>(GetStatus.Instance, ClusterNodeBuilder.ReportPath, cancellation);
        var hosting = AskAllAsync<NodeShards>(GetShards.Instance, ClusterNodeBuilder.ShardsPath, cancellation);
        var (told, hosts) = (await telling.ConfigureAwait(false), await hosting.ConfigureAwait(false));
        foreach (var node in hosts.Told) map.Take(node);
        var statuses = told.Told.GroupBy(status => status.Node).ToDictionary(status => status.Key, status => status.First());
        var (events, last) = history.After(afterEvent);
        return new ClusterReport
        {
            Name = options.Name,
            Self = ClusterNodeBuilder.AddressOf(cluster.SelfAddress),
            Oldest = OldestOf(members, null),
            Members = [.. members.Select(member => new MemberReport(
                ClusterNodeBuilder.AddressOf(member.Address), [.. member.Roles.Order(StringComparer.Ordinal)],
                member.Status.ToString().ToLowerInvariant(), !state.Unreachable.Contains(member),
                statuses.GetValueOrDefault(ClusterNodeBuilder.AddressOf(member.Address))))],
            Singletons =
            [
                .. ClusterNodeBuilder.SingletonsOf(options).Select(name => new SingletonPlace(name, OldestOf(members, NodeRole.Admin))),
                new SingletonPlace("coordinator", OldestOf(members, NodeRole.Symbols)),
            ],
            Shards = new ShardReport(
                ClusterNodeBuilder.SymbolRegion, map.Join(hosts.Told), [.. told.Silent.Union(hosts.Silent).Order(StringComparer.Ordinal)]),
            ShardCount = options.Shards,
            Events = events,
            LastEvent = last,
        };
    }

    /// <summary>Connections and ledger of each node.</summary>
    public Task<FromNodes<NodeIntake>> IntakeAsync(CancellationToken cancellation)
    {
        queries.ThrowIfStopped();
        return AskAllAsync<NodeIntake>(GetIntake.Instance, ClusterNodeBuilder.ReportPath, cancellation);
    }

    /// <summary>The latest rejections of each node.</summary>
    public Task<FromNodes<NodeRejects>> RejectsAsync(RejectFilter filter, CancellationToken cancellation)
    {
        queries.ThrowIfStopped();
        return AskAllAsync<NodeRejects>(new GetRejects(filter), ClusterNodeBuilder.ReportPath, cancellation);
    }

    /// <summary>Singletons and the shard coordinator run on the oldest node with the role, until it has handed them over.</summary>
    private static string? OldestOf(IEnumerable<Member> members, string? role) =>
        members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving)
            .Where(member => role is null ? !member.HasRole(NodeRole.Subscriber) : member.HasRole(role))
            .Order(Member.AgeOrdering).Select(member => ClusterNodeBuilder.AddressOf(member.Address)).FirstOrDefault();

    private async Task<FromNodes<T>> AskAllAsync<T>(object question, string path, CancellationToken cancellation)
        where T : class
    {
        var unreachable = cluster.State.Unreachable;
        var asked = queries.Members.All.Where(member => member.Status != MemberStatus.Exiting)
            .Select(member => (member, Answer: unreachable.Contains(member)
                ? Task.FromResult<T?>(null)
                : queries.TryAskAsync<T>(member, path, question, cancellation, Timeout))).ToList();
        var (told, silent) = (new List<T>(), new List<string>());
        foreach (var (member, answer) in asked)
        {
            if (await answer.ConfigureAwait(false) is { } one) told.Add(one);
            else silent.Add(ClusterNodeBuilder.AddressOf(member.Address));
        }

        return new FromNodes<T>(told, silent);
    }
}
