using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Ingest;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Shards;
using ActorTrading.Engine;
using Akka.Cluster;

namespace ActorTrading.Cluster.Census;

/// <summary>What nodes tell of themselves, put together: ledger and shards. Safe for any number of threads.</summary>
internal sealed class NodeReports(InFlightWindow window, ShardMap map, ClusterQueries questions)
{
    /// <summary>The nodes that did not answer when the ledger was last asked for.</summary>
    public IReadOnlyList<string> SilentNodes { get; private set; } = [];

    /// <summary>
    /// What became of everything that nodes took in since their starts; of a node that is no longer in its cluster, what that took in.
    /// </summary>
    public async Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation)
    {
        var all = new Ledger();
        all.Add(window.Ledger());
        var (told, silent) = await AskAllAsync<NodeLedger>(
            questions.IsStopped ? [] : questions.Members.Others, ClusterNodeBuilder.GatewayPath, GetLedger.Instance,
            cancellation).ConfigureAwait(false);
        foreach (var node in told) all.Add(node.Lines);
        SilentNodes = silent;
        return [.. all.Lines];
    }

    /// <summary>Where the shards are and how they do.</summary>
    public async Task<ShardReport> ShardsAsync(CancellationToken cancellation)
    {
        questions.ThrowIfStopped();
        var (told, silent) = await AskAllAsync<NodeShards>(
            questions.Members.All, ClusterNodeBuilder.ShardsPath, GetShards.Instance, cancellation).ConfigureAwait(false);
        foreach (var node in told) map.Take(node);
        return new ShardReport(ClusterNodeBuilder.SymbolRegion, map.Join(told), silent);
    }

    private async Task<(List<T> Told, List<string> Silent)> AskAllAsync<T>(
        IEnumerable<Member> nodes, string path, object question, CancellationToken cancellation)
        where T : class
    {
        var (told, silent) = (new List<T>(), new List<string>());
        foreach (var (node, asking) in nodes.Select(node => (node, questions.TryAskAsync<T>(node, path, question, cancellation))).ToList())
        {
            if (await asking.ConfigureAwait(false) is { } answer) told.Add(answer);
            else silent.Add(ClusterNodeBuilder.AddressOf(node.Address));
        }

        return (told, silent);
    }
}
