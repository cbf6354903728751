using System.Buffers;
using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Watching.Prometheus;

/// <summary>An instrument that is asked at every scrape: what it says is written down as it comes, and forgotten before the next.</summary>
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
