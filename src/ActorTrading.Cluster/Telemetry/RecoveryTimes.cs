using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Telemetry;

/// <summary>
/// Recovery times of symbols, from the start of their actor, including the wait for Akka.Persistence's recovery permit. Thread-safe.
/// </summary>
internal sealed class RecoveryTimes
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly ConcurrentDictionary<Symbol, long> underWay = [];
    private readonly Histogram<double>? durations;

    /// <param name="meter">The meter of the instruments; null: none.</param>
    public RecoveryTimes(Meter? meter)
    {
        if (meter is null) return;
        durations = meter.CreateHistogram(
            "actortrading.recovery.symbol.duration", "s", "Recovery time of a symbol of a cluster.", advice: Durations);
        meter.CreateObservableGauge(
            "actortrading.recovery.under.way", () => underWay.Count, "{symbol}", "Symbols that are recovering or queued for recovery.");
    }

    /// <summary>Called when a symbol's actor starts.</summary>
    public void Begin(Symbol symbol) => underWay[symbol] = Stopwatch.GetTimestamp();

    /// <summary>Called when the symbol has recovered.</summary>
    public void End(Symbol symbol)
    {
        if (underWay.TryRemove(symbol, out var began)) durations?.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Called when the symbol's actor has stopped.</summary>
    public void Forget(Symbol symbol) => underWay.TryRemove(symbol, out _);
}
