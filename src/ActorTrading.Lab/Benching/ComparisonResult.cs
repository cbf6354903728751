using System.Text.Json;
using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Benching;

/// <summary>The results of both engines under a load.</summary>
internal sealed record ComparisonResult(ComparisonCase Case, BenchReport Embedded, BenchReport Cluster)
{
    /// <summary>Number of seconds of a cold start to print.</summary>
    private const int ColdSeconds = 10;

    /// <summary>The rate of the cluster engine divided by that of the embedded engine.</summary>
    public double Ratio => Cluster.Rate / Math.Max(1, Embedded.Rate);

    /// <summary>Errors in any round.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public void Print(TextWriter text)
    {
        if (Case.IsCold)
        {
            Line("acknowledged in each second", Seconds(Embedded), Seconds(Cluster));
        }
        else if (Case.Rate is null)
        {
            text.WriteLine(Text($"{Case.Name,-22} embedded {Embedded.Rate,11:N0}/s   cluster {Cluster.Rate,11:N0}/s   ratio {Ratio:N2}"));
        }
        else
        {
            Line("acknowledged", Latency(Embedded.AckLatency), Latency(Cluster.AckLatency));
            Line("bars at a subscriber", Latency(Embedded.BarLatency), Latency(Cluster.BarLatency));
        }

        void Line(string what, string embedded, string cluster)
        {
            text.WriteLine($"{Case.Name,-22} embedded {embedded}, {what}");
            text.WriteLine($"{Case.Name,-22} cluster  {cluster}, {what}");
        }
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("case", Case.Name);
        json.WriteNumber("symbols", Case.Symbols);
        json.WriteString("format", Case.IsBinary ? "binary" : "ndjson");
        json.WriteNumber("window", Case.Window);
        if (Case.Rate is { } rate) json.WriteNumber("rate_asked", rate);
        else json.WriteNumber("ratio", Ratio);
        Write("embedded", Embedded);
        Write("cluster", Cluster);
        json.WriteStartArray("faults");
        foreach (var fault in Faults) json.WriteStringValue(fault);
        json.WriteEndArray();
        json.WriteEndObject();

        void Write(string name, BenchReport report)
        {
            json.WritePropertyName(name);
            report.WriteTo(json);
        }
    }

    private static string Seconds(BenchReport report) =>
        string.Join(", ", report.AcknowledgedBySecond.Take(ColdSeconds).Select(count => Text($"{count:N0}")));

    private static string Latency(LatencyHistogram latencies) =>
        Text($"p50 {latencies.Percentile(0.5) / 1e6:N1} ms, p99 {latencies.Percentile(0.99) / 1e6:N1} ms");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
