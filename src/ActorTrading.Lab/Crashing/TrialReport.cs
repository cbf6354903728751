using System.Text.Json;
using ActorTrading.Domain.Folding;
using ActorTrading.Host;

namespace ActorTrading.Lab.Crashing;

/// <summary>The result of a test in which feeds send a hostile market during faults.</summary>
/// <param name="data">The folder of the test.</param>
internal abstract class TrialReport(ulong seed, string data)
{
    /// <summary>Number of generated records; each was acknowledged in the end.</summary>
    public long Records { get; set; }

    /// <summary>Number of records sent more than once.</summary>
    public long Resent { get; set; }

    /// <summary>Number of records in the journal.</summary>
    public long Journaled { get; set; }

    /// <summary>The total duration.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>The checks, in order.</summary>
    public List<CrashCheck> Checks { get; } = [];

    /// <summary>The final state hash.</summary>
    public StateHash StateHash { get; set; }

    /// <summary>Whether all checks hold.</summary>
    public bool Holds => Checks.Count > 0 && Checks.TrueForAll(check => check.Holds);

    /// <summary>The number of faults, done or planned.</summary>
    protected abstract int Total { get; }

    /// <summary>The result on one line.</summary>
    protected abstract string Headline { get; }

    /// <summary>The contents of the folder, for a sentence that ends with its name.</summary>
    protected abstract string Kept { get; }

    /// <summary>Prints the result, removes the folder of a success unless it should be kept, and returns the exit code.</summary>
    public int Conclude(bool asJson, bool keep)
    {
        if (asJson)
        {
            using var stdout = Console.OpenStandardOutput();
            WriteJson(stdout);
        }
        else
        {
            Print(Console.Out);
        }

        if (Holds && !keep) Directory.Delete(data, recursive: true);
        return Holds ? ExitCode.Ok : ExitCode.BadInput;
    }

    protected abstract void PrintFigures(TextWriter text);

    protected abstract void WriteCounts(Utf8JsonWriter json);

    protected abstract void WriteFigures(Utf8JsonWriter json);

    private void Print(TextWriter text)
    {
        text.WriteLine(FormattableString.Invariant($"{Headline}; {Elapsed.TotalSeconds:N1} s"));
        text.WriteLine(FormattableString.Invariant(
            $"records     {Records:N0} made up and acknowledged, {Resent:N0} sent again, {Journaled:N0} in the journal"));
        PrintFigures(text);
        foreach (var check in Checks) text.WriteLine($"{(check.Holds ? "ok" : "FAILED"),-11} {check.Name}: {check.Detail}");
        text.WriteLine($"state hash  {StateHash}");
        text.WriteLine(Holds ? $"nothing was lost, nothing counted twice (seed {seed})" : $"FAILED, seed {seed}; {Kept} in {data}");
    }

    private void WriteJson(Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("holds", Holds);
            json.WriteNumber("rounds", Total);
            json.WriteNumber("seed", seed);
            WriteCounts(json);
            json.WriteNumber("records", Records);
            json.WriteNumber("resent", Resent);
            json.WriteNumber("journaled", Journaled);
            json.WriteNumber("seconds", Elapsed.TotalSeconds);
            WriteFigures(json);
            json.WriteString("state_hash", StateHash.ToString());
            CrashCheck.Write(Checks, json);
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }
}
