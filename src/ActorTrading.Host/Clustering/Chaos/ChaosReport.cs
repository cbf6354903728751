using System.Text.Json;
using ActorTrading.Domain.Folding;
using ActorTrading.Host.Crashing;

namespace ActorTrading.Host.Clustering.Chaos;

/// <summary>What came of a cluster that was put through faults.</summary>
internal sealed class ChaosReport(ChaosOptions options)
{
    /// <summary>Faults by kind, in the order in which they first came.</summary>
    public List<FaultTally> Faults { get; } = [];

    /// <summary>Rounds that were come to.</summary>
    public int Rounds { get; set; }

    /// <summary>Nodes that were killed.</summary>
    public int Kills { get; set; }

    /// <summary>How often symbols moved in other ways: nodes that left, joined, or were gone on without.</summary>
    public int Moves { get; set; }

    /// <summary>Starts of nodes that did not come to their end and were tried again.</summary>
    public int FailedStarts { get; set; }

    /// <summary>Records that the feeds made up; each was acknowledged in the end.</summary>
    public long Records { get; set; }

    /// <summary>Records sent more than once.</summary>
    public long Resent { get; set; }

    /// <summary>Records in the journal.</summary>
    public long Journaled { get; set; }

    /// <summary>How long all of it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>What must hold, in order.</summary>
    public List<CrashCheck> Checks { get; } = [];

    /// <summary>The hash that the cluster ended in.</summary>
    public StateHash StateHash { get; set; }

    /// <summary>Whether everything holds.</summary>
    public bool Holds => Checks.Count > 0 && Checks.TrueForAll(check => check.Holds);

    /// <summary>The tally of a kind of fault.</summary>
    public FaultTally Of(string name)
    {
        if (Faults.Find(tally => tally.Name == name) is { } known) return known;
        var tally = new FaultTally(name);
        Faults.Add(tally);
        return tally;
    }

    public void Print(TextWriter text)
    {
        text.WriteLine(FormattableString.Invariant($"faults      {Rounds:N0} rounds, {Kills:N0} kills, {Moves:N0} other moves of symbols; {Elapsed.TotalSeconds:N1} s"));
        text.WriteLine(FormattableString.Invariant($"records     {Records:N0} made up and acknowledged, {Resent:N0} sent again, {Journaled:N0} in the journal"));
        if (FailedStarts > 0) text.WriteLine(FormattableString.Invariant($"starts      {FailedStarts:N0} failed and were tried again"));
        text.WriteLine();
        text.WriteLine("longest wait of a record for its ack, s      times     least    median      most   ended by themselves");
        foreach (var tally in Faults)
        {
            var waits = tally.LongestWaits.Order().ToList();
            text.WriteLine(FormattableString.Invariant(
                $"{tally.Name,-45}{waits.Count,5:N0}{waits[0].TotalSeconds,10:0.00}{waits[waits.Count / 2].TotalSeconds,10:0.00}{waits[^1].TotalSeconds,10:0.00}{tally.EndedByThemselves,10:N0}"));
        }

        text.WriteLine();
        foreach (var check in Checks) text.WriteLine($"{(check.Holds ? "ok" : "FAILED"),-11} {check.Name}: {check.Detail}");
        text.WriteLine($"state hash  {StateHash}");
        text.WriteLine(Holds ? $"nothing was lost, nothing counted twice (seed {options.Seed})" : $"FAILED, seed {options.Seed}; logs and data are in {options.Data}");
    }

    public void WriteJson(Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("holds", Holds);
            json.WriteNumber("rounds", Rounds);
            json.WriteNumber("seed", options.Seed);
            json.WriteNumber("kills", Kills);
            json.WriteNumber("moves", Moves);
            json.WriteNumber("failed_starts", FailedStarts);
            json.WriteNumber("records", Records);
            json.WriteNumber("resent", Resent);
            json.WriteNumber("journaled", Journaled);
            json.WriteNumber("seconds", Elapsed.TotalSeconds);
            json.WriteStartArray("faults");
            foreach (var tally in Faults)
            {
                json.WriteStartObject();
                json.WriteString("fault", tally.Name);
                json.WriteNumber("ended_by_themselves", tally.EndedByThemselves);
                json.WriteStartArray("longest_wait_ms");
                foreach (var wait in tally.LongestWaits) json.WriteNumberValue(Math.Round(wait.TotalMilliseconds));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("state_hash", StateHash.ToString());
            CrashCheck.Write(Checks, json);
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }
}
