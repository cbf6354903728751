using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using Akka;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Shards;

/// <summary>
/// Delays the leave of a node until the other nodes host its shards. Otherwise the shard coordinator on a leaving node would stop
/// with its own shards. Then no shard could be located until the next coordinator has started, has read its state and has heard from
/// all regions.
/// </summary>
internal sealed class ShardHandoff(ActorSystem system, ShardBoard board)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Once = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly Members members = new(system);

    /// <summary>
    /// Waits for the hand-off in the shutdown phase of the shard region, whatever the reason of the leave. A downed node does not
    /// wait.
    /// </summary>
    public void WaitAtTheEnd()
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, "new-homes", async () =>
        {
            if (shutdown.ShutdownReason is not CoordinatedShutdown.ClusterDowningReason)
                await UntilHostedAsync(board.Awake).ConfigureAwait(false);
            return Done.Instance;
        });
    }

    private async Task UntilHostedAsync(IEnumerable<int> mine)
    {
        var homeless = mine.ToHashSet();
        for (var until = Environment.TickCount64 + (long)Timeout.TotalMilliseconds; homeless.Count > 0 && Environment.TickCount64 < until;)
        {
            var answers = await Task.WhenAll(
                members.Staying.Where(member => member.HasRole(NodeRole.Symbols)).Select(HostedAsync)).ConfigureAwait(false);
            if (answers.All(hosted => hosted is null)) return; // no other node is left, or all are leaving
            foreach (var hosted in answers) homeless.ExceptWith(hosted ?? []);
            if (homeless.Count > 0) await Task.Delay(Moment).ConfigureAwait(false);
        }
    }

    /// <summary>The shards that a node hosts. Null: it has no shard region any more. Empty: no answer in time.</summary>
    private async Task<IReadOnlyCollection<int>?> HostedAsync(Member node)
    {
        try
        {
            var region = await system.ActorSelection(node.Address + ClusterNodeBuilder.RegionPath)
                .Ask<ActorIdentity>(new Identify(null), Once).ConfigureAwait(false);
            if (region.Subject is null) return null;
            var shards = await system.ActorSelection(node.Address + ClusterNodeBuilder.ShardsPath)
                .Ask<NodeShards>(GetShards.Instance, Once).ConfigureAwait(false);
            return [.. shards.Hosted.Select(shard => shard.Number)];
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }
}
