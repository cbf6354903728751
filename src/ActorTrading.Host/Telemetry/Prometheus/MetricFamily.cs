using System.Buffers;
using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>A metric: name, help text and type of an instrument, and its series. Thread-safe.</summary>
internal abstract class MetricFamily(Instrument instrument)
{
    /// <summary>Maximum number of series per instrument. Further ones are merged into one series with an overflow label.</summary>
    public const int MaxSeries = 2_000;

    /// <summary>The label of the series that merges those beyond the limit.</summary>
    protected const string Overflow = "otel_metric_overflow=\"true\"";

    public MetricKind Kind { get; } = MetricKinds.Of(instrument);

    public string Name { get; } = PrometheusName.Of(instrument, MetricKinds.Of(instrument));

    public static MetricFamily Of(Instrument instrument) => instrument switch
    {
        { IsObservable: true } => new ObservedFamily(instrument),
        _ when MetricKinds.Of(instrument) == MetricKind.Histogram => new HistogramFamily(instrument),
        _ => new RecordedFamily(instrument, MetricKinds.IsSummed(instrument)),
    };

    /// <summary>Called before the observable instruments are collected.</summary>
    public virtual void Begin()
    {
    }

    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Writes the header and the series; nothing without a series.</summary>
    public void Write(IBufferWriter<byte> to)
    {
        if (!HasSeries) return;
        PrometheusText.Header(to, Name, instrument.Description ?? "", Kind);
        WriteSeries(to);
    }

    protected abstract bool HasSeries { get; }

    protected abstract void WriteSeries(IBufferWriter<byte> to);
}
