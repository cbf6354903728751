using System.Buffers;
using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Watching.Prometheus;

/// <summary>One metric: an instrument's name, help and type, and its series. Safe for any number of threads.</summary>
internal abstract class MetricFamily(Instrument instrument)
{
    /// <summary>Series that an instrument keeps at most; further ones go into one whose label says so.</summary>
    public const int MaxSeries = 2_000;

    /// <summary>The series of all for which there was no room.</summary>
    protected const string Overflow = "otel_metric_overflow=\"true\"";

    public MetricKind Kind { get; } = MetricKinds.Of(instrument);

    public string Name { get; } = PrometheusName.Of(instrument, MetricKinds.Of(instrument));

    public static MetricFamily Of(Instrument instrument) => instrument switch
    {
        { IsObservable: true } => new ObservedFamily(instrument),
        _ when MetricKinds.Of(instrument) == MetricKind.Histogram => new HistogramFamily(instrument),
        _ => new RecordedFamily(instrument, MetricKinds.IsSummed(instrument)),
    };

    /// <summary>Before instruments that are asked are asked again.</summary>
    public virtual void Begin()
    {
    }

    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Writes the header and the series; nothing where there is no series.</summary>
    public void Write(IBufferWriter<byte> to)
    {
        if (!HasSeries) return;
        PrometheusText.Header(to, Name, instrument.Description ?? "", Kind);
        WriteSeries(to);
    }

    protected abstract bool HasSeries { get; }

    protected abstract void WriteSeries(IBufferWriter<byte> to);
}
