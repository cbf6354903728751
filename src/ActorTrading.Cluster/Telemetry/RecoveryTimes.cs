using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Telemetry;

/// <summary>
/// How long symbols take to recover, from the start of their actor on: the wait for a permit of Akka.Persistence counts. Safe
/// for any number of threads.
/// </summary>
internal sealed class RecoveryTimes
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly ConcurrentDictionary<Symbol, long> underWay = [];
    private readonly Histogram<double>? durations;

    /// <param name="meter">Gets the instruments; null for none.</param>
    public RecoveryTimes(Meter? meter)
    {
        if (meter is null) return;
        durations = meter.CreateHistogram(
            "actortrading.recovery.symbol.duration", "s", "Time that a symbol of a cluster took to recover.", advice: Durations);
        meter.CreateObservableGauge(
            "actortrading.recovery.under.way", () => underWay.Count, "{symbol}", "Symbols that recover or wait for their turn.");
    }

    /// <summary>A symbol's actor has started.</summary>
    public void Begin(Symbol symbol) => underWay[symbol] = Stopwatch.GetTimestamp();

    /// <summary>It has recovered.</summary>
    public void End(Symbol symbol)
    {
        if (underWay.TryRemove(symbol, out var began)) durations?.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>It has stopped.</summary>
    public void Forget(Symbol symbol) => underWay.TryRemove(symbol, out _);
}
