using System.Collections.Concurrent;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>The engine of a node, with the data that the node reports about it beyond <see cref="IEngine"/>.</summary>
internal abstract class HostedEngine : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, RateMeter> rates = [];

    /// <summary>The engine itself.</summary>
    public abstract IEngine Engine { get; }

    /// <summary>The position of the last signal in the log; 0 before the first signal.</summary>
    public abstract long LastSignal { get; }

    /// <summary>The exception that stopped the engine; null while it has not failed.</summary>
    public abstract Exception? Failure { get; }

    /// <summary>
    /// What recovery at the start found and did. In a cluster: the recovery of all symbols that have been recovered so far.
    /// </summary>
    public abstract RecoveryReport Recovery { get; }

    /// <summary>Why old events and snapshots cannot be deleted; null when they can.</summary>
    public virtual JournalException? RetentionFailure => null;

    /// <summary>Number of batches that wait for capacity in the engine.</summary>
    public abstract int WaitingBatches { get; }

    /// <summary>The address for other nodes, as HOST:PORT; null without a cluster port.</summary>
    public virtual string? Address => null;

    /// <summary>Whether other nodes take over its symbols when it stops.</summary>
    public virtual bool HasOthers => false;

    /// <summary>Whether it runs the work of one node per cluster, such as the signal log; true for a single node.</summary>
    public virtual bool HasSignalLog => true;

    /// <summary>Whether it is the oldest cluster member with a role; true for a single node.</summary>
    public virtual bool IsOldest(string role) => true;

    /// <summary>Why the running engine should not receive work; null when it should.</summary>
    public virtual string? Fault => null;

    /// <summary>
    /// The missing or damaged entry of the signal log, because of which no signal can be logged; null when no damage is known.
    /// </summary>
    public virtual RecoveryException? SignalLogFault => null;

    /// <summary>Location and status of the shards of its cluster; null for an engine without shards.</summary>
    public virtual Task<ShardReport>? ShardsAsync(CancellationToken cancellation) => null;

    /// <summary>
    /// The cluster as this node sees it, with the cluster events after an event number. A single node reports a cluster of one, with its
    /// partitions as shards.
    /// </summary>
    /// <param name="here">Reports the status of this node.</param>
    public virtual async Task<ClusterReport> ClusterAsync(INodeReporter here, long afterEvent, CancellationToken cancellation)
    {
        var status = await here.StatusAsync().WaitAsync(cancellation);
        return new ClusterReport
        {
            Self = status.Node,
            Oldest = status.Node,
            Members = [new MemberReport(status.Node, Role.All, "up", true, status)],
            Shards = new ShardReport("partition", [.. Partitions.Select(part => ShardOf(part, status.Node))], []),
            ShardCount = Partitions.Count,
        };
    }

    /// <summary>The ingest statistics of each node of its cluster.</summary>
    public virtual async Task<FromNodes<NodeIntake>> IntakeAsync(INodeReporter here, CancellationToken cancellation)
    {
        var (intake, all) = (here.Intake(), new Ledger());
        all.Add(intake.Ledger);
        foreach (var line in await Engine.LedgerAsync(cancellation)) all.Add(line);
        return new FromNodes<NodeIntake>([intake with { Ledger = [.. all.Lines] }], []);
    }

    /// <summary>The latest rejected records of each node of its cluster.</summary>
    public virtual Task<FromNodes<NodeRejects>> RejectsAsync(INodeReporter here, RejectFilter filter, CancellationToken cancellation) =>
        Task.FromResult(new FromNodes<NodeRejects>([new NodeRejects(here.Intake().Node, here.Rejects(filter))], []));

    /// <summary>Whether the node has that <see cref="Role"/>.</summary>
    public virtual bool Has(string role) => true;

    /// <summary>The other nodes with that role, as their HOST:PORT in the cluster.</summary>
    public virtual IReadOnlyList<string> NodesWith(string role) => [];

    /// <summary>The partitions that the symbols are distributed over.</summary>
    public IReadOnlyList<PartitionStatus> Partitions => Engine.Partitions;

    /// <summary>Opens the node's TCP port.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address is in use, or does not belong to this machine.</exception>
    public abstract IngestListener OpenListener(IngestPipeline pipeline, IngestOptions options, TimeProvider time);

    /// <summary>Publishes the rejections of this node's listeners to subscribers on other nodes, until there are no more.</summary>
    public virtual Task PublishRejectsAsync(IngestPipeline pipeline) => Task.CompletedTask;

    /// <summary>Stops the engine immediately.</summary>
    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private ShardStatus ShardOf(PartitionStatus part, string node) => new(
        part.Number, node, part.Symbols, part.Records,
        rates.GetOrAdd(part.Number, static _ => new RateMeter(TimeProvider.System)).Read(part.Records), part.Waiting, part.Lag, null, 0);
}
