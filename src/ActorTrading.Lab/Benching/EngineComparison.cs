using ActorTrading.Host;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Benching;

/// <summary>Compares both engines: runs the same loads in turn, each on a new node in its own process, on SQLite.</summary>
internal sealed class EngineComparison(IReadOnlyList<ComparisonCase> cases, int rounds, TimeSpan duration, TimeSpan warmUp)
{
    /// <summary>Runs all cases; reports each result when it is complete.</summary>
    /// <exception cref="CommandException">A node did not start, or did not stop successfully.</exception>
    public async Task<IReadOnlyList<ComparisonResult>> RunAsync(Action<ComparisonResult> announce, CancellationToken cancellation)
    {
        var results = new List<ComparisonResult>();
        foreach (var one in cases)
        {
            var (embedded, cluster) = (new List<BenchReport>(), new List<BenchReport>());
            for (var round = 0; round < rounds; round++)
            {
                embedded.Add(await RunAsync(one, EngineKind.Embedded, cancellation));
                cluster.Add(await RunAsync(one, EngineKind.Cluster, cancellation));
            }

            var result = new ComparisonResult(one, Median(embedded), Median(cluster))
            {
                Faults = [.. embedded.Concat(cluster).SelectMany(report => report.Faults)],
            };
            results.Add(result);
            announce(result);
        }

        return results;
    }

    private Task<BenchReport> RunAsync(ComparisonCase one, EngineKind engine, CancellationToken cancellation) =>
        new BenchRun(one.On(engine, duration, warmUp)).RunAsync(cancellation);

    /// <summary>The median run: by rate, or by latency when the rate is fixed.</summary>
    private static BenchReport Median(List<BenchReport> runs) =>
        runs.OrderBy(run => run.Options.Rate is null ? run.Rate : run.AckLatency.Percentile(0.99)).ElementAt(runs.Count / 2);
}
