using System.Text.Json;
using ActorTrading.Host;
using ActorTrading.Lab.Crashing;

namespace ActorTrading.Lab.Hostile;

/// <summary>The result of a test with hostile clients.</summary>
internal sealed class HostileReport(HostileOptions options)
{
    /// <summary>The figures of the well-behaved clients alone.</summary>
    public PhaseFigures? Alone { get; set; }

    /// <summary>The figures of the well-behaved clients beside the hostile ones.</summary>
    public PhaseFigures? Beside { get; set; }

    /// <summary>Number of records that the good feed sent.</summary>
    public long Records { get; set; }

    /// <summary>Number of signals of these records.</summary>
    public int Signals { get; set; }

    /// <summary>What each kind sent and received.</summary>
    public IReadOnlyList<(HostileKind Kind, KindTally Tally)> Kinds { get; set; } = [];

    /// <summary>The checks, in order.</summary>
    public List<CrashCheck> Checks { get; } = [];

    /// <summary>Whether all checks hold.</summary>
    public bool Holds => Checks.Count > 0 && Checks.TrueForAll(check => check.Holds);

    /// <summary>Ratio of the 99th percentile ack latency with hostile clients to that without; 0 when unknown.</summary>
    public double AckRatio => Ratio(phase => phase.Acks.Percentile(0.99));

    /// <summary>The same ratio for signals.</summary>
    public double SignalRatio => Ratio(phase => phase.Signals.Percentile(0.99));

    /// <summary>Prints the result, removes the folder of a success unless it should be kept, and returns the exit code.</summary>
    public int Conclude(bool asJson, bool keep)
    {
        if (asJson) WriteJson(Console.OpenStandardOutput());
        else Print(Console.Out);
        if (Holds && !keep) Directory.Delete(options.Data, recursive: true);
        return Holds ? ExitCode.Ok : LabCommandLine.Broken;
    }

    /// <summary>Prints the result as text.</summary>
    public void Print(TextWriter text)
    {
        text.WriteLine($"{options.Engine.ToString().ToLowerInvariant()} engine, seed {options.Seed}; {Kinds.Count} hostile kinds");
        text.WriteLine(FormattableString.Invariant(
            $"good     {Records:N0} records, {Signals:N0} signals; alone {options.Alone.TotalSeconds:N0} s, beside {Seconds:N0} s"));
        Alone?.Print(text);
        Beside?.Print(text);
        var bound = options.MaxRatio is { } most ? FormattableString.Invariant($" (at most {most:N2})") : "";
        text.WriteLine(FormattableString.Invariant($"ratio    acks p99 {AckRatio:N2}, signals p99 {SignalRatio:N2}{bound}"));
        foreach (var (kind, tally) in Kinds)
            text.WriteLine(FormattableString.Invariant(
                $"{kind.Name,-18} {tally.Attempts,9:N0} times, {tally.Bytes / 1e6,8:N1} MB: {tally.Spell()}"));
        foreach (var check in Checks) text.WriteLine($"{(check.Holds ? "ok" : "FAILED"),-8} {check.Name}: {check.Detail}");
        text.WriteLine(Holds ? "the good ones lost nothing" : $"FAILED, seed {options.Seed}; the folder is {options.Data}");
    }

    private double Seconds => options.Beside.TotalSeconds;

    private double Ratio(Func<PhaseFigures, long> of) =>
        Alone is { } alone && Beside is { } beside && of(alone) > 0 ? (double)of(beside) / of(alone) : 0;

    private void WriteJson(Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("holds", Holds);
            json.WriteString("engine", options.Engine.ToString().ToLowerInvariant());
            json.WriteNumber("seed", options.Seed);
            json.WriteNumber("records", Records);
            json.WriteNumber("signals", Signals);
            Alone?.Write(json);
            Beside?.Write(json);
            json.WriteNumber("ack_p99_ratio", Math.Round(AckRatio, 3));
            json.WriteNumber("signal_p99_ratio", Math.Round(SignalRatio, 3));
            json.WriteStartObject("kinds");
            foreach (var (kind, tally) in Kinds)
            {
                json.WriteStartObject(kind.Name);
                tally.Write(json);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            CrashCheck.Write(Checks, json);
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }
}
