using System.Diagnostics.Metrics;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>The type of a metric in Prometheus.</summary>
internal enum MetricKind
{
    /// <summary>A value that only increases, from 0 at the start of the process.</summary>
    Counter,

    /// <summary>A value that increases and decreases.</summary>
    Gauge,

    /// <summary>A distribution of values over buckets.</summary>
    Histogram,
}

/// <summary>Determines the type of an instrument.</summary>
internal static class MetricKinds
{
    public static MetricKind Of(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>)) return MetricKind.Counter;
        return generic == typeof(Histogram<>) ? MetricKind.Histogram : MetricKind.Gauge;
    }

    /// <summary>Whether measurements are changes to be summed, not absolute values.</summary>
    public static bool IsSummed(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return generic == typeof(Counter<>) || generic == typeof(UpDownCounter<>);
    }
}
