using System.Collections.Concurrent;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>The engine of a node, and what a node tells of it beyond the port.</summary>
internal abstract class HostedEngine : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, RateMeter> rates = [];

    /// <summary>The engine itself.</summary>
    public abstract IEngine Engine { get; }

    /// <summary>The position of the last signal in the log; 0 before the first.</summary>
    public abstract long LastSignal { get; }

    /// <summary>Why it failed; null while it has not.</summary>
    public abstract Exception? Failure { get; }

    /// <summary>What its start found and did; in a cluster, what its symbols have come back from up to now.</summary>
    public abstract RecoveryReport Recovery { get; }

    /// <summary>Why old events and snapshots cannot be deleted; null where they can.</summary>
    public virtual JournalException? RetentionFailure => null;

    /// <summary>Batches that wait for it to have room.</summary>
    public abstract int WaitingBatches { get; }

    /// <summary>Where other nodes reach it, as HOST:PORT; null where there are none.</summary>
    public virtual string? Address => null;

    /// <summary>Whether other nodes go on with its symbols when it ends.</summary>
    public virtual bool HasOthers => false;

    /// <summary>Whether it does what only one node of its cluster does; a node alone does.</summary>
    public virtual bool HasSignalLog => true;

    /// <summary>Whether it is the one longest in its cluster that has a role; a node alone is.</summary>
    public virtual bool IsOldest(string role) => true;

    /// <summary>What keeps it from being sent work though it runs; null where nothing does.</summary>
    public virtual string? Fault => null;

    /// <summary>
    /// The entry of the signal log that is missing or damaged, so that no signal can be logged; null where none is known to be.
    /// </summary>
    public virtual RecoveryException? SignalLogFault => null;

    /// <summary>Where the shards of its cluster are and how they do; null where it is of none.</summary>
    public virtual Task<ShardReport>? ShardsAsync(CancellationToken cancellation) => null;

    /// <summary>
    /// Its cluster as it sees it, with what happened after an event; a node alone is a cluster of one, and its
    /// partitions are its shards.
    /// </summary>
    /// <param name="here">What tells of this node.</param>
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

    /// <summary>What each node of its cluster takes in.</summary>
    public virtual async Task<FromNodes<NodeIntake>> IntakeAsync(INodeReporter here, CancellationToken cancellation)
    {
        var (intake, all) = (here.Intake(), new Ledger());
        all.Add(intake.Ledger);
        foreach (var line in await Engine.LedgerAsync(cancellation)) all.Add(line);
        return new FromNodes<NodeIntake>([intake with { Ledger = [.. all.Lines] }], []);
    }

    /// <summary>What each node of its cluster refused last.</summary>
    public virtual Task<FromNodes<NodeRejects>> RefusalsAsync(INodeReporter here, RejectFilter filter, CancellationToken cancellation) =>
        Task.FromResult(new FromNodes<NodeRejects>([new NodeRejects(here.Intake().Node, here.Refusals(filter))], []));

    /// <summary>Whether the node has that <see cref="Role"/>.</summary>
    public virtual bool Has(string role) => true;

    /// <summary>The other nodes that have it, as HOST:PORT of the cluster.</summary>
    public virtual IReadOnlyList<string> NodesWith(string role) => [];

    /// <summary>The parts that it spreads symbols over.</summary>
    public IReadOnlyList<PartitionStatus> Partitions => Engine.Partitions;

    /// <summary>Opens the node's TCP port.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken, or none of this machine.</exception>
    public abstract IIngestListener OpenDoor(IngestPipeline reception, IngestOptions options, TimeProvider time);

    /// <summary>Tells subscribers elsewhere what the doors of the node refuse, until there is no more.</summary>
    public virtual Task PublishRejectsAsync(IngestPipeline reception) => Task.CompletedTask;

    /// <summary>Stops it at once.</summary>
    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private ShardStatus ShardOf(PartitionStatus part, string node) => new(
        part.Number, node, part.Symbols, part.Records,
        rates.GetOrAdd(part.Number, static _ => new RateMeter(TimeProvider.System)).Read(part.Records), part.Waiting, part.Lag, null, 0);
}
