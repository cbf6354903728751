using ActorTrading.Engine;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Webhooks;

/// <summary>What all webhooks of a node share.</summary>
/// <param name="Engine">The engine whose signals are sent.</param>
/// <param name="LastSignal">The position of the last signal of the log.</param>
/// <param name="Folder">The folder of positions and dead letters; created when missing.</param>
/// <param name="Logger">The log of the node.</param>
internal sealed record WebhookContext(IEngine Engine, Func<long> LastSignal, string Folder, ILogger Logger)
{
    /// <summary>The clock of the retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Returns random numbers in [0, 1) that spread the retry delays of several webhooks.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;
}
