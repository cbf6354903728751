using System.Buffers;
using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>The metric of an instrument that records on each event: changes are summed, or the last value is kept.</summary>
internal sealed class RecordedFamily(Instrument instrument, bool isSummed) : MetricFamily(instrument)
{
    private readonly Lock sync = new();
    private readonly SortedDictionary<string, double> series = new(StringComparer.Ordinal);

    protected override bool HasSeries
    {
        get
        {
            lock (sync) return series.Count > 0;
        }
    }

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        lock (sync)
        {
            if (series.Count >= MaxSeries && !series.ContainsKey(labels)) labels = Overflow;
            series[labels] = isSummed ? series.GetValueOrDefault(labels) + value : value;
        }
    }

    protected override void WriteSeries(IBufferWriter<byte> to)
    {
        lock (sync)
        {
            foreach (var (labels, value) in series) PrometheusText.Sample(to, Name, "", labels, value);
        }
    }
}
