using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Auditing;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>Receivers of the engine's events and metrics.</summary>
internal sealed record EngineHooks(
    ILoggerFactory Loggers, EngineMeter Meter, IProgress<RecoveryProgress> Progress, Action<IndicatorFault> OnFault,
    Action<JournalException?> OnRetention, INodeReporter Reporter)
{
    /// <summary>The node's audit log.</summary>
    public AccessAudit? Audit { get; init; }
}
