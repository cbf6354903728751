using System.Buffers;
using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>
/// Writes instruments as a page in the Prometheus text format 0.0.4. Listens to the instruments of the selected meters, and collects the
/// observable ones when the page is written. Scrapes run one at a time. Thread-safe.
/// </summary>
internal sealed class PrometheusPage : IDisposable
{
    /// <summary>The content type of the page.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly Lock sync = new();
    private readonly Lock scraping = new();
    private MetricFamily[] families = [];

    /// <summary>Starts listening to existing and new instruments.</summary>
    public PrometheusPage(Func<Meter, bool> isShown)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (!isShown(instrument.Meter)) return;
            var family = MetricFamily.Of(instrument);
            lock (sync)
            {
                // A name may appear only once on the page: ignore a second instrument with it.
                if (families.Any(other => other.Name == family.Name)) return;
                families = [.. families.Append(family).OrderBy(static one => one.Name, StringComparer.Ordinal)];
            }

            self.EnableMeasurementEvents(instrument, family);
        };
        listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((MetricFamily)state!).Record((double)value, tags));
        listener.Start();
    }

    /// <summary>Writes the current values of all metrics, ordered by name.</summary>
    public void Write(IBufferWriter<byte> to)
    {
        lock (scraping)
        {
            var all = Volatile.Read(ref families);
            foreach (var family in all) family.Begin();
            listener.RecordObservableInstruments();
            foreach (var family in all) family.Write(to);
        }
    }

    public void Dispose() => listener.Dispose();
}
