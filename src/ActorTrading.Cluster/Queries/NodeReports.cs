using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Shards;
using ActorTrading.Engine;
using Akka.Cluster;

namespace ActorTrading.Cluster.Queries;

/// <summary>Combined reports of all nodes: ledger and shards. Thread-safe.</summary>
internal sealed class NodeReports(InFlightWindow window, ShardMap map, ClusterQueries queries)
{
    /// <summary>The nodes that did not answer the last ledger query.</summary>
    public IReadOnlyList<string> SilentNodes { get; private set; } = [];

    /// <summary>
    /// Ledger of all records that the nodes accepted since their starts. On a node that has left its cluster: only its own ledger.
    /// </summary>
    public async Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation)
    {
        var all = new Ledger();
        all.Add(window.Ledger());
        var (told, silent) = await AskAllAsync<NodeLedger>(
            queries.IsStopped ? [] : queries.Members.Others, ClusterNodeBuilder.GatewayPath, GetLedger.Instance,
            cancellation).ConfigureAwait(false);
        foreach (var node in told) all.Add(node.Lines);
        SilentNodes = silent;
        return [.. all.Lines];
    }

    /// <summary>Location and state of all shards.</summary>
    public async Task<ShardReport> ShardsAsync(CancellationToken cancellation)
    {
        queries.ThrowIfStopped();
        var (told, silent) = await AskAllAsync<NodeShards>(
            queries.Members.All, ClusterNodeBuilder.ShardsPath, GetShards.Instance, cancellation).ConfigureAwait(false);
        foreach (var node in told) map.Take(node);
        return new ShardReport(ClusterNodeBuilder.SymbolRegion, map.Join(told), silent);
    }

    private async Task<(List<T> Told, List<string> Silent)> AskAllAsync<T>(
        IEnumerable<Member> nodes, string path, object question, CancellationToken cancellation)
        where T : class
    {
        var (told, silent) = (new List<T>(), new List<string>());
        foreach (var (node, asking) in nodes.Select(node => (node, queries.TryAskAsync<T>(node, path, question, cancellation))).ToList())
        {
            if (await asking.ConfigureAwait(false) is { } answer) told.Add(answer);
            else silent.Add(ClusterNodeBuilder.AddressOf(node.Address));
        }

        return (told, silent);
    }
}
