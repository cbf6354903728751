using ActorTrading.Engine.Nodes;

namespace ActorTrading.Cluster.Overview;

/// <summary>Reporter for an engine whose host has none: reports the state of the engine, and no listeners.</summary>
internal sealed class BareReporter(ClusterEngine engine) : INodeReporter
{
    private readonly RateMeter rate = new(TimeProvider.System);

    public Task<NodeStatus> StatusAsync()
    {
        var part = engine.Partitions[0];
        var fault = engine.Failure?.Message ?? engine.Fault;
        return Task.FromResult(new NodeStatus
        {
            Status = engine.Failure is not null ? "failed" : fault is not null ? "cluster_unavailable" : "ready",
            Problems = fault is null ? [] : [fault],
            Process = Environment.ProcessId,
            Processors = Environment.ProcessorCount,
            Memory = Environment.WorkingSet,
            Symbols = part.Symbols,
            Records = part.Records,
            Rate = rate.Read(part.Records),
            Waiting = part.Waiting,
            Lag = part.Lag,
        });
    }

    public NodeIntake Intake() => new("", [], []);

    public IReadOnlyList<KeptReject> Rejects(RejectFilter filter) => [];
}
