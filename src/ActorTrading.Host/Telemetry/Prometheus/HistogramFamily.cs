using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>
/// A histogram: for each bound that the instrument advises, the number of values at or below it, with the sum and count of all values. Each
/// value is counted in the smallest bucket that contains it; the output is cumulative, as Prometheus requires.
/// </summary>
internal sealed class HistogramFamily : MetricFamily
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Lock sync = new();
    private readonly SortedDictionary<string, Cells> series = new(StringComparer.Ordinal);
    private readonly double[] bounds;
    private readonly string[] spelledBounds;

    public HistogramFamily(Instrument instrument)
        : base(instrument)
    {
        bounds = BoundsOf(instrument) is { Length: > 0 } advised ? advised : DefaultBounds;
        spelledBounds = [.. bounds.Select(static bound => bound.ToString("R", CultureInfo.InvariantCulture)), "+Inf"];
    }

    protected override bool HasSeries
    {
        get
        {
            lock (sync) return series.Count > 0;
        }
    }

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (double.IsNaN(value)) return;
        var labels = PrometheusText.Labels(tags);
        lock (sync)
        {
            if (!series.TryGetValue(labels, out var cells) && series.Count >= MaxSeries) series.TryGetValue(labels = Overflow, out cells);
            if (cells is null) series.Add(labels, cells = new Cells(bounds.Length + 1));
            var bucket = Array.BinarySearch(bounds, value);
            cells.Counts[bucket < 0 ? ~bucket : bucket]++;
            cells.Sum += value;
        }
    }

    protected override void WriteSeries(IBufferWriter<byte> to)
    {
        lock (sync)
        {
            foreach (var (labels, cells) in series)
            {
                var before = labels.Length == 0 ? "" : labels + ",";
                var count = 0L;
                for (var i = 0; i < cells.Counts.Length; i++)
                {
                    count += cells.Counts[i];
                    PrometheusText.Sample(to, Name, "_bucket", $"{before}le=\"{spelledBounds[i]}\"", count);
                }

                PrometheusText.Sample(to, Name, "_sum", labels, cells.Sum);
                PrometheusText.Sample(to, Name, "_count", labels, count);
            }
        }
    }

    private static double[]? BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
        _ => null,
    };

    private sealed class Cells(int buckets)
    {
        public long[] Counts { get; } = new long[buckets];

        public double Sum { get; set; }
    }
}
