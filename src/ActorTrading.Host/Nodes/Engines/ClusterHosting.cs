using ActorTrading.Cluster;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>Hosts the cluster engine in a node.</summary>
internal sealed class ClusterHosting(ClusterEngine engine) : HostedEngine
{
    public override IEngine Engine => engine;

    public override long LastSignal => engine.LastSignal;

    public override Exception? Failure => engine.Failure;

    public override RecoveryReport Recovery => engine.Recovery;

    public override int WaitingBatches => engine.WaitingBatches;

    public override string Address => engine.Address;

    public override bool HasOthers => engine.HasOthers;

    public override bool HasSignalLog => engine.HasSignalLog;

    public override bool IsOldest(string role) => engine.IsOldest(role);

    public override string? Fault => engine.Fault;

    public override RecoveryException? SignalLogFault => engine.SignalLogFault;

    public override JournalException? RetentionFailure => engine.RetentionFailure;

    public override Task<ShardReport> ShardsAsync(CancellationToken cancellation) => engine.ShardsAsync(cancellation);

    public override Task<ClusterReport> ClusterAsync(INodeReporter here, long afterEvent, CancellationToken cancellation) =>
        engine.ClusterAsync(afterEvent, cancellation);

    public override Task<FromNodes<NodeIntake>> IntakeAsync(INodeReporter here, CancellationToken cancellation) =>
        engine.IntakeAsync(cancellation);

    public override Task<FromNodes<NodeRejects>> RejectsAsync(INodeReporter here, RejectFilter filter, CancellationToken cancellation) =>
        engine.RejectsAsync(filter, cancellation);

    public override bool Has(string role) => engine.Roles.Contains(role);

    public override IReadOnlyList<string> NodesWith(string role) => engine.NodesWith(role);

    public override IngestListener OpenListener(IngestPipeline pipeline, IngestOptions options, TimeProvider time) =>
        engine.OpenListener(pipeline, options, time);

    public override Task PublishRejectsAsync(IngestPipeline pipeline) => engine.PublishAsync(pipeline.Rejects.LiveAsync());

    /// <summary>Creates the engine. The host starts it later; the node has not joined its cluster yet.</summary>
    /// <exception cref="CommandException">A setting is invalid.</exception>
    public static async Task<ClusterEngine> OpenAsync(Plan? plan, IJournalStore store, NodeOptions options, EngineHooks hooks)
    {
        var hocon = options.HoconFile is { } file ? await ReadAsync(file) : "";
        try
        {
            return ClusterEngine.Open(plan, options.Cluster with
            {
                Journal = options.JournalAddress, Hocon = hocon, Loggers = hooks.Loggers, OnFault = hooks.OnFault,
                OnRetention = hooks.OnRetention, Meter = hooks.Meter, Reporter = hooks.Reporter, Audit = hooks.Audit,
            }, store);
        }
        catch (ArgumentException exception)
        {
            throw new CommandException(ExitCode.Usage, $"cluster: {exception.Message}");
        }
    }

    private static async Task<string> ReadAsync(string file)
    {
        try
        {
            return await File.ReadAllTextAsync(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(ExitCode.Usage, $"{file}: {exception.Message}");
        }
    }
}
