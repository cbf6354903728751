using System.Buffers;
using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Watching.Prometheus;

/// <summary>
/// Instruments as a page of the Prometheus text format 0.0.4: listens to those of the meters that it is to show, and asks the
/// observable ones when the page is written. Scrapes take turns. Safe for any number of threads.
/// </summary>
internal sealed class PrometheusPage : IDisposable
{
    /// <summary>What the page is sent as.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly Lock sync = new();
    private readonly Lock scraping = new();
    private MetricFamily[] families = [];

    /// <summary>Listens from now on, to instruments made already and to those to come.</summary>
    public PrometheusPage(Func<Meter, bool> isShown)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (!isShown(instrument.Meter)) return;
            var family = MetricFamily.Of(instrument);
            lock (sync)
            {
                // A name stands on the page once, whoever else thinks of it.
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

    /// <summary>Writes every metric as of now, in the order of their names.</summary>
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
