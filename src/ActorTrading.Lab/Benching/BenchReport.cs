using System.Globalization;
using System.Text.Json;
using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// The result of a run. Rates and processor time cover the measured time, without the warm-up. Values of the node are null unless the bench
/// started the node.
/// </summary>
internal sealed record BenchReport(
    BenchOptions Options, double Seconds, long Sent, long Acknowledged, long Measured, long Refused, TimeSpan SenderCpu)
{
    public static readonly IReadOnlyList<(string Name, double Part)> Percentiles =
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)];

    /// <summary>Latency from the due time of a record to its acknowledgement.</summary>
    public required LatencyHistogram AckLatency { get; init; }

    /// <summary>
    /// Latency from the due time of the record that fired a signal to the arrival of the signal at a subscriber; empty without a rate.
    /// </summary>
    public required LatencyHistogram SignalLatency { get; init; }

    /// <summary>
    /// Latency from the due time of the record that closed a one-minute bar to the arrival of the bar at a subscriber; empty without a
    /// rate.
    /// </summary>
    public required LatencyHistogram BarLatency { get; init; }

    /// <summary>Number of records acknowledged in each second since the first record, including the warm-up.</summary>
    public required IReadOnlyList<long> AcknowledgedBySecond { get; init; }

    /// <summary>Number of bars dropped because the subscriber was too slow.</summary>
    public long MissedBars { get; init; }

    /// <summary>Number of signals in the node's log that did not arrive.</summary>
    public long UnheardSignals { get; init; }

    public TimeSpan? NodeCpu { get; init; }

    public long? MemoryBefore { get; init; }

    public long? MemoryAfter { get; init; }

    public long? DiskBytes { get; init; }

    /// <summary>What the run added to the node's ledger; empty when the ledger was not queried.</summary>
    public IReadOnlyList<LedgerCheck> Ledger { get; init; } = [];

    /// <summary>Acknowledged records per second.</summary>
    public double Rate => Measured / Math.Max(Seconds, 1e-9);

    /// <summary>Errors of the run; empty when there are none.</summary>
    public IEnumerable<string> Faults
    {
        get
        {
            if (Acknowledged != Sent)
                yield return string.Create(CultureInfo.InvariantCulture, $"sent {Sent:N0}, acknowledged {Acknowledged:N0}");
            if (Refused > 0) yield return string.Create(CultureInfo.InvariantCulture, $"refused {Refused:N0}");
            if (UnheardSignals != 0)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"signals that are in the log and did not arrive {UnheardSignals:N0}");
            }
            foreach (var line in Ledger.Where(line => !line.IsSound)) yield return $"ledger {line}";
        }
    }

    public void Print(TextWriter text)
    {
        var asked = Options.Rate is { } rate ? $"{rate:N0} a second" : "as many as will go";
        text.WriteLine(Text($"load          {Options.Symbols:N0} symbols, {(Options.Binary ? "binary" : "NDJSON")}, ")
            + Text($"{Options.Connections:N0} connections, at most {Options.Window:N0} unacknowledged on each"));
        text.WriteLine(Text($"rate asked    {asked}"));
        text.WriteLine(Text($"rate reached  {Rate:N0} a second, acknowledged, over {Seconds:N1} s"));
        text.WriteLine($"ack latency   {Spell(AckLatency)}");
        if (SignalLatency.Count > 0) text.WriteLine(Text($"signals       {Spell(SignalLatency)}, {SignalLatency.Count:N0} of them"));
        if (BarLatency.Count > 0)
            text.WriteLine(Text($"bars          {Spell(BarLatency)}, {BarLatency.Count:N0} of them, {MissedBars:N0} missed"));
        text.WriteLine($"processor     sender {Cpu(SenderCpu)}{(NodeCpu is { } cpu ? $"; node {Cpu(cpu)}" : "")}");
        if (MemoryBefore is { } before)
            text.WriteLine(Text($"node memory   {before / 1e6:N0} MB after the warm-up, {MemoryAfter / 1e6:N0} MB at the end"));
        if (DiskBytes is { } bytes)
            text.WriteLine(Text($"journal       {bytes / 1e6:N0} MB, {(double)bytes / Math.Max(1, Sent):N1} bytes a record"));
        text.WriteLine(Text($"sent          {Sent:N0}, acknowledged {Acknowledged:N0}, refused {Refused:N0}, the warm-up included"));
        foreach (var line in Ledger) text.WriteLine($"ledger        {line}");

        string Cpu(TimeSpan used) =>
            Text($"{used.TotalSeconds:N1} s, {used.TotalSeconds / Math.Max(1, Measured) * 1e6:N3} s for a million records");
    }

    public void WriteJson(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        WriteTo(json);
        json.Flush();
        stream.Write("\n"u8);
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("symbols", Options.Symbols);
        json.WriteString("format", Options.Binary ? "binary" : "ndjson");
        json.WriteNumber("connections", Options.Connections);
        json.WriteNumber("window", Options.Window);
        if (Options.Rate is { } rate) json.WriteNumber("rate_asked", rate);
        json.WriteNumber("rate", Rate);
        json.WriteNumber("seconds", Seconds);
        json.WriteNumber("sent", Sent);
        json.WriteNumber("acknowledged", Acknowledged);
        json.WriteNumber("refused", Refused);
        Write(json, "ack_latency_ms", AckLatency);
        if (SignalLatency.Count > 0) Write(json, "signal_latency_ms", SignalLatency);
        if (BarLatency.Count > 0) Write(json, "bar_latency_ms", BarLatency);
        json.WriteNumber("missed_bars", MissedBars);
        json.WriteNumber("sender_cpu_seconds", SenderCpu.TotalSeconds);
        if (NodeCpu is { } cpu) json.WriteNumber("node_cpu_seconds", cpu.TotalSeconds);
        if (MemoryBefore is { } before) json.WriteNumber("node_memory_before", before);
        if (MemoryAfter is { } after) json.WriteNumber("node_memory_after", after);
        if (DiskBytes is { } bytes) json.WriteNumber("disk_bytes", bytes);
        json.WriteStartArray("acknowledged_by_second");
        foreach (var count in AcknowledgedBySecond) json.WriteNumberValue(count);
        json.WriteEndArray();
        json.WriteStartArray("ledger");
        foreach (var line in Ledger) json.WriteStringValue(line.ToString());
        json.WriteEndArray();
        json.WriteStartArray("faults");
        foreach (var fault in Faults) json.WriteStringValue(fault);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Spell(LatencyHistogram latencies) =>
        string.Join(", ", Percentiles.Select(one => Text($"{one.Name} {latencies.Percentile(one.Part) / 1e6:N2}"))) + " ms";

    private static void Write(Utf8JsonWriter json, string name, LatencyHistogram latencies)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", latencies.Count);
        foreach (var (label, part) in Percentiles) json.WriteNumber(label, latencies.Percentile(part) / 1e6);
        json.WriteEndObject();
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
