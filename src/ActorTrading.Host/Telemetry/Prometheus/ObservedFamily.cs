using System.Buffers;
using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>The metric of an observable instrument: collected at every scrape; the values are discarded before the next one.</summary>
internal sealed class ObservedFamily(Instrument instrument) : MetricFamily(instrument)
{
    private readonly Lock sync = new();
    private readonly ArrayBufferWriter<byte> lines = new();

    protected override bool HasSeries
    {
        get
        {
            lock (sync) return lines.WrittenCount > 0;
        }
    }

    public override void Begin()
    {
        lock (sync) lines.ResetWrittenCount();
    }

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (sync) PrometheusText.Sample(lines, Name, "", PrometheusText.Labels(tags), value);
    }

    protected override void WriteSeries(IBufferWriter<byte> to)
    {
        lock (sync) to.Write(lines.WrittenSpan);
    }
}
