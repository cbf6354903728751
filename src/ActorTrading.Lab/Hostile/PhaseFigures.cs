using System.Text.Json;
using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Hostile;

/// <summary>Ack and signal latencies of one phase, with its samples of the node.</summary>
internal sealed record PhaseFigures(string Name, LatencyHistogram Acks, LatencyHistogram Signals, IReadOnlyList<NodeSample> Samples)
{
    /// <summary>The longest response time of the health endpoint; null when a request failed.</summary>
    public TimeSpan? LongestHealth => Samples.Any(sample => sample.Health is null) ? null : Samples.Max(sample => sample.Health);

    /// <summary>Prints a line.</summary>
    public void Print(TextWriter text)
    {
        var health = LongestHealth is { } longest
            ? FormattableString.Invariant($"{longest.TotalMilliseconds:N0} ms at most")
            : $"{Samples.Count(sample => sample.Health is null)} of {Samples.Count} not in time";
        text.WriteLine($"{Name,-8} acks {Spell(Acks)}; signals {Spell(Signals)}; health {health}");
    }

    /// <summary>Writes an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject(Name);
        Write(json, "ack_ms", Acks);
        Write(json, "signal_ms", Signals);
        json.WriteNumber("health_failures", Samples.Count(sample => sample.Health is null));
        if (LongestHealth is { } longest) json.WriteNumber("health_max_ms", Math.Round(longest.TotalMilliseconds, 1));
        json.WriteStartArray("samples");
        foreach (var sample in Some(Samples))
        {
            json.WriteStartObject();
            json.WriteNumber("second", Math.Round(sample.At, 1));
            json.WriteNumber("memory", sample.Memory);
            json.WriteNumber("disk", sample.Disk);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Spell(LatencyHistogram latencies) =>
        FormattableString.Invariant($"p50 {Ms(latencies, 0.5),8:N2} ms, p99 {Ms(latencies, 0.99),9:N2} ms ({latencies.Count:N0})");

    private static double Ms(LatencyHistogram latencies, double part) => latencies.Percentile(part) / 1e6;

    private static void Write(Utf8JsonWriter json, string name, LatencyHistogram latencies)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", latencies.Count);
        json.WriteNumber("p50", Math.Round(Ms(latencies, 0.5), 3));
        json.WriteNumber("p99", Math.Round(Ms(latencies, 0.99), 3));
        json.WriteNumber("max", Math.Round(latencies.Max / 1e6, 3));
        json.WriteEndObject();
    }

    /// <summary>At most a hundred samples, evenly spaced.</summary>
    private static IEnumerable<NodeSample> Some(IReadOnlyList<NodeSample> samples) => samples.Where(
        (_, index) => index % ((samples.Count / 100) + 1) == 0);
}
