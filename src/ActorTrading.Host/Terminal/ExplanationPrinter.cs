using System.Text.Json;

namespace ActorTrading.Host.Terminal;

/// <summary>
/// Prints the explanation of a signal from its JSON: the rule in words, its values before and at the signal, the bar, its records, and
/// whether the signal fires again.
/// </summary>
internal static class ExplanationPrinter
{
    private const int RecordsShown = 12;

    public static void Print(JsonElement story, TextWriter text)
    {
        var logged = Member(story, "logged");
        var signal = Member(story, "refolded") ?? logged;
        if (signal is { } fired)
        {
            text.Say($"{Text(fired, "time")}  {Text(fired, "action").ToUpperInvariant()} {Text(fired, "symbol")} at "
                + $"{Text(fired, "price")}  ({Text(fired, "name")}, signal {Text(fired, "number")} of the symbol"
                + $"{(logged is { } known ? $", position {Text(known, "position")} of the log" : "")})");
            text.WriteLine();
        }

        foreach (var line in story.GetProperty("rule").EnumerateArray()) text.Say(line.GetString());
        var values = story.GetProperty("values").EnumerateArray().ToList();
        if (values.Count > 0)
        {
            text.WriteLine();
            var width = values.Max(value => Text(value, "name").Length);
            var before = values.Max(value => Text(value, "before").Length);
            foreach (var value in values)
                text.Say(
                    $"  {Text(value, "name").PadRight(width)}  {Or(value, "before").PadLeft(Math.Max(before, 6))}  ->  {Or(value, "at")}");
        }

        if (Member(story, "bar") is { } bar)
        {
            text.WriteLine();
            text.Say($"Bar of {(signal is { } of ? Text(of, "frame") + " " : "")}{Text(bar, "open_time")}: open {Text(bar, "open")}, "
                + $"high {Text(bar, "high")}, low {Text(bar, "low")}, close {Text(bar, "close")}, volume {Text(bar, "volume")}");
        }

        var records = story.GetProperty("records").EnumerateArray().ToList();
        var all = story.GetProperty("records_of_bar").GetInt64();
        if (all > 0)
            text.Say($"It contains {all:N0} "
                + $"records{(all > RecordsShown ? $", the last {Math.Min(RecordsShown, records.Count)} of them" : "")}:");
        foreach (var record in records.TakeLast(RecordsShown)) text.Say($"  {record.GetRawText()}");
        if (signal is { } closed && Member(closed, "trigger") is { } trigger)
            text.Say($"Closed by: {string.Join(" ", trigger.EnumerateObject().Select(member => $"{member.Name} {member.Value}"))}");
        text.WriteLine();
        text.Say(Verdict(Text(story, "outcome"), Text(story, "withdrawn_at")));
    }

    /// <summary>The result of comparing the log with the events, in words.</summary>
    private static string Verdict(string outcome, string withdrawnAt) => outcome switch
    {
        "same" => "Folded again from the journal: the same signal, bit for bit.",
        "different" => "DIFFERENT: folded again from the journal, the signal differs; the log or the journal was changed.",
        "not_logged" => "Folded again from the journal, it fires; it is not in the signal log (yet).",
        "not_fired" => "DIFFERENT: it is in the signal log, but not in the result of the journal's events; one of them was changed.",
        "of_another_plan" => "It fired under another plan than the current one, and cannot be folded again with this one.",
        "events_deleted" => "The events that triggered it have been deleted; this is the entry of the signal log.",
        "withdrawn" => $"It was withdrawn at position {withdrawnAt} of the log: a record that made it fire was excluded. "
            + "This is the entry of the signal log.",
        _ => outcome,
    };

    private static JsonElement? Member(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Or(JsonElement of, string name) => Text(of, name) is { Length: > 0 } text ? text : "absent";
}
