using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using Akka;
using Akka.Actor;
using Akka.Cluster;

namespace ActorTrading.Cluster.Shards;

/// <summary>
/// A node that leaves hands its shards over first, and stays until the others have them. Otherwise the one that says where shards
/// are would leave as soon as its own are stopped, and nobody could say where they are until its successor has been found, has
/// read what is known, and has heard of all nodes.
/// </summary>
internal sealed class ShardHandoff(ActorSystem system, ShardBoard board)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Once = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly Members members = new(system);

    /// <summary>Waits for them while the shard region stops, however the node comes to leave.</summary>
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
        for (var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds; homeless.Count > 0 && Environment.TickCount64 < until;)
        {
            var answers = await Task.WhenAll(
                members.Staying.Where(member => member.HasRole(NodeRole.Symbols)).Select(HostedAsync)).ConfigureAwait(false);
            if (answers.All(hosted => hosted is null)) return; // no other one is there, or all go, too
            foreach (var hosted in answers) homeless.ExceptWith(hosted ?? []);
            if (homeless.Count > 0) await Task.Delay(Moment).ConfigureAwait(false);
        }
    }

    /// <summary>Null where there is no shard region any more; none from one that takes too long to say.</summary>
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
