using System.Text.Json;
using ActorTrading.Domain.Folding;

namespace ActorTrading.Host.Crashing;

/// <summary>What came of killing a node.</summary>
internal sealed class CrashReport(CrashOptions options)
{
    /// <summary>Kills while records were on their way.</summary>
    public int KillsUnderLoad { get; set; }

    /// <summary>Kills before the node was ready.</summary>
    public int KillsAtStart { get; set; }

    /// <summary>Clients that were replaced in the midst of their work.</summary>
    public int ClientsReplaced { get; set; }

    /// <summary>Records that the feeds made up; each was acknowledged in the end.</summary>
    public long Records { get; set; }

    /// <summary>Records sent more than once.</summary>
    public long Resent { get; set; }

    /// <summary>Records in the journal.</summary>
    public long Journaled { get; set; }

    /// <summary>From each start to the moment the node listened.</summary>
    public List<TimeSpan> Starts { get; } = [];

    /// <summary>How long all of it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>What must hold, in order.</summary>
    public List<CrashCheck> Checks { get; } = [];

    /// <summary>The hash that the node ended in.</summary>
    public StateHash StateHash { get; set; }

    /// <summary>Whether everything holds.</summary>
    public bool Holds => Checks.Count > 0 && Checks.TrueForAll(check => check.Holds);

    public void Print(TextWriter text)
    {
        var starts = Starts.Order().ToList();
        text.WriteLine(FormattableString.Invariant($"kills       {KillsUnderLoad:N0} under load, {KillsAtStart:N0} while it started; {ClientsReplaced:N0} clients replaced; {Elapsed.TotalSeconds:N1} s"));
        text.WriteLine(FormattableString.Invariant($"records     {Records:N0} made up and acknowledged, {Resent:N0} sent again, {Journaled:N0} in the journal"));
        if (starts.Count > 0) text.WriteLine(FormattableString.Invariant($"starts      p50 {starts[starts.Count / 2].TotalMilliseconds:N0} ms, most {starts[^1].TotalMilliseconds:N0} ms from start to listening"));
        foreach (var check in Checks) text.WriteLine($"{(check.Holds ? "ok" : "FAILED"),-11} {check.Name}: {check.Detail}");
        text.WriteLine($"state hash  {StateHash}");
        text.WriteLine(Holds ? $"nothing was lost, nothing counted twice (seed {options.Seed})" : $"FAILED, seed {options.Seed}; the data is in {options.Data}");
    }

    public void WriteJson(Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("holds", Holds);
            json.WriteNumber("rounds", options.Rounds);
            json.WriteNumber("seed", options.Seed);
            json.WriteNumber("kills_under_load", KillsUnderLoad);
            json.WriteNumber("kills_at_start", KillsAtStart);
            json.WriteNumber("clients_replaced", ClientsReplaced);
            json.WriteNumber("records", Records);
            json.WriteNumber("resent", Resent);
            json.WriteNumber("journaled", Journaled);
            json.WriteNumber("seconds", Elapsed.TotalSeconds);
            json.WriteStartArray("start_ms");
            foreach (var start in Starts) json.WriteNumberValue(Math.Round(start.TotalMilliseconds));
            json.WriteEndArray();
            json.WriteString("state_hash", StateHash.ToString());
            CrashCheck.Write(Checks, json);
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }
}
