using System.Text.Json;

namespace ActorTrading.Lab.Crashing;

/// <summary>The result of a crash test.</summary>
internal sealed class CrashReport(CrashOptions options) : TrialReport(options.Seed, options.Data)
{
    /// <summary>Number of kills while records were in flight.</summary>
    public int KillsUnderLoad { get; set; }

    /// <summary>Number of kills before the node was ready.</summary>
    public int KillsAtStart { get; set; }

    /// <summary>Number of clients replaced in the middle of their work.</summary>
    public int ClientsReplaced { get; set; }

    /// <summary>The time from each start until the node listened.</summary>
    public List<TimeSpan> Starts { get; } = [];

    protected override int Total => options.Rounds;

    protected override string Headline =>
        FormattableString.Invariant(
            $"kills       {KillsUnderLoad:N0} under load, {KillsAtStart:N0} while it started; {ClientsReplaced:N0} clients replaced");

    protected override string Kept => "the data is";

    protected override void PrintFigures(TextWriter text)
    {
        var starts = Starts.Order().ToList();
        if (starts.Count > 0)
        {
            var (median, most) = (starts[starts.Count / 2].TotalMilliseconds, starts[^1].TotalMilliseconds);
            text.WriteLine(FormattableString.Invariant($"starts      p50 {median:N0} ms, most {most:N0} ms from start to listening"));
        }
    }

    protected override void WriteCounts(Utf8JsonWriter json)
    {
        json.WriteNumber("kills_under_load", KillsUnderLoad);
        json.WriteNumber("kills_at_start", KillsAtStart);
        json.WriteNumber("clients_replaced", ClientsReplaced);
    }

    protected override void WriteFigures(Utf8JsonWriter json)
    {
        json.WriteStartArray("start_ms");
        foreach (var start in Starts) json.WriteNumberValue(Math.Round(start.TotalMilliseconds));
        json.WriteEndArray();
    }
}
