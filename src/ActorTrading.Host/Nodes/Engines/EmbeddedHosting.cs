using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>Hosts the embedded engine in a node.</summary>
internal sealed class EmbeddedHosting(EmbeddedEngine engine) : HostedEngine
{
    public override IEngine Engine => engine;

    public override long LastSignal => engine.LastSignal;

    public override Exception? Failure => engine.Failure;

    public override RecoveryReport Recovery => engine.Recovery;

    public override JournalException? RetentionFailure => engine.RetentionFailure;

    public override int WaitingBatches => engine.WaitingBatches;

    public override IngestListener OpenListener(IngestPipeline pipeline, IngestOptions options, TimeProvider time) =>
        new IngestListener(pipeline, options, time);

    public static async Task<HostedEngine> OpenAsync(Plan? plan, IJournalStore store, EmbeddedOptions options, EngineHooks hooks) =>
        new EmbeddedHosting(await EmbeddedEngine.OpenAsync(
            plan, store,
            options with { Progress = hooks.Progress, Meter = hooks.Meter, OnFault = hooks.OnFault, OnRetention = hooks.OnRetention }));
}
