using System.Text.Json;
using ActorTrading.Lab.Crashing;

namespace ActorTrading.Lab.Chaos;

/// <summary>The result of a chaos test.</summary>
internal sealed class ChaosReport(ChaosOptions options) : TrialReport(options.Seed, options.Data)
{
    /// <summary>Faults by kind, in the order of their first occurrence.</summary>
    public List<FaultTally> Faults { get; } = [];

    /// <summary>Number of rounds started.</summary>
    public int Rounds { get; set; }

    /// <summary>Number of killed nodes.</summary>
    public int Kills { get; set; }

    /// <summary>Number of symbol moves for other reasons: nodes that left, joined, or were downed.</summary>
    public int Moves { get; set; }

    /// <summary>Number of node starts that failed and were repeated.</summary>
    public int FailedStarts { get; set; }

    protected override int Total => Rounds;

    protected override string Headline =>
        FormattableString.Invariant($"faults      {Rounds:N0} rounds, {Kills:N0} kills, {Moves:N0} other moves of symbols");

    protected override string Kept => "logs and data are";

    /// <summary>The tally of a kind of fault.</summary>
    public FaultTally Of(string name)
    {
        if (Faults.Find(tally => tally.Name == name) is { } known) return known;
        var tally = new FaultTally(name);
        Faults.Add(tally);
        return tally;
    }

    protected override void PrintFigures(TextWriter text)
    {
        if (FailedStarts > 0) text.WriteLine(FormattableString.Invariant($"starts      {FailedStarts:N0} failed and were tried again"));
        text.WriteLine();
        text.WriteLine("longest wait of a record for its ack, s      times     least    median      most   ended by themselves");
        foreach (var tally in Faults)
        {
            var waits = tally.LongestWaits.Order().ToList();
            var (least, median, most) = (waits[0].TotalSeconds, waits[waits.Count / 2].TotalSeconds, waits[^1].TotalSeconds);
            text.WriteLine(FormattableString.Invariant(
                $"{tally.Name,-45}{waits.Count,5:N0}{least,10:0.00}{median,10:0.00}{most,10:0.00}{tally.EndedByThemselves,10:N0}"));
        }

        text.WriteLine();
    }

    protected override void WriteCounts(Utf8JsonWriter json)
    {
        json.WriteNumber("kills", Kills);
        json.WriteNumber("moves", Moves);
        json.WriteNumber("failed_starts", FailedStarts);
    }

    protected override void WriteFigures(Utf8JsonWriter json)
    {
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
    }
}
