using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>exclude</c>: excludes accepted records of a symbol, or lists the exclusions.</summary>
internal static class ExcludeCommand
{
    private const string Description =
        "Exclude accepted records of a symbol permanently: its state, bars and signals are computed again without them. "
        + "Select them by id, by source, or by a range of exchange time. Without a selection, list the exclusions.";

    private const string ExampleLines =
        """
        actortrading exclude AAPL --id feed-a:17
        actortrading exclude AAPL --source feed-a --from 2024-07-09T14:30:00Z --to 2024-07-09T14:31:00Z
        actortrading exclude AAPL
        actortrading exclude AAPL --include 2
        """;

    public static Command Create()
    {
        var symbol = new Argument<string>("SYMBOL") { Description = "The symbol of the records." };
        var node = new NodeChoice();
        var id = new Option<string?>("--id") { Description = "Exclude the record with this id.", HelpName = "SOURCE[:EPOCH]:SEQ" };
        var source = new Option<string?>("--source") { Description = "Exclude all records sent by this source so far.", HelpName = "NAME" };
        var from = new Option<string?>("--from")
        {
            Description = "Start of the exchange time range, inclusive: ISO 8601, or a number since 1970 UTC.", HelpName = "TIME",
        };
        var to = new Option<string?>("--to") { Description = "End of the range, exclusive.", HelpName = "TIME" };
        var include = new Option<long?>("--include")
        {
            Description = "End the exclusion with this number: its records count again.", HelpName = "NUMBER",
        };
        var json = new Option<bool>("--json") { Description = "Print the node's response as JSON." };
        var command = new Command("exclude", Description) { symbol };
        foreach (var option in (Option[])[id, source, from, to, include, json]) command.Options.Add(option);
        node.AddTo(command);
        command.Validators.Add(result =>
        {
            var isFilter = result.GetResult(source) is not null || result.GetResult(from) is not null || result.GetResult(to) is not null;
            if (result.GetResult(id) is not null && isFilter) result.AddError("--id cannot be combined with --source, --from and --to.");
            if (result.GetResult(include) is not null && (isFilter || result.GetResult(id) is not null))
                result.AddError("--include cannot be combined with --id, --source, --from and --to.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = $"symbols/{Uri.EscapeDataString(parsed.GetRequiredValue(symbol))}/exclusions";
            Dictionary<string, string> body = [];
            foreach (var option in (Option<string?>[])[id, source, from, to])
            {
                if (parsed.GetValue(option) is { } given) body.Add(option.Name.TrimStart('-'), given);
            }

            using var api = node.Open(parsed);
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
            using var answer = parsed.GetValue(include) is { } number
                ? await api.SendAsync(
                    HttpMethod.Delete, $"{path}/{number.ToString(CultureInfo.InvariantCulture)}", cancellation,
                    within: Timeout.InfiniteTimeSpan)
                // Recomputing a long history takes long.
                : body.Count > 0 ? await api.SendAsync(HttpMethod.Post, path, cancellation, content, Timeout.InfiniteTimeSpan)
                : await api.GetAsync(path, cancellation);
            if (parsed.GetValue(json)) Console.Out.WriteLine(answer.RootElement.GetRawText());
            else if (answer.RootElement.TryGetProperty("exclusions", out var list)) PrintList(list, Console.Out);
            else PrintOutcome(answer.RootElement, parsed.GetValue(include) is not null, Console.Out);
            return ExitCode.Ok;
        });
        return command.WithExamples(ExampleLines);
    }

    private static void PrintList(JsonElement exclusions, TextWriter text)
    {
        if (exclusions.GetArrayLength() == 0) text.Say("no exclusions");
        foreach (var exclusion in exclusions.EnumerateArray()) text.Say(Line(exclusion));
    }

    private static void PrintOutcome(JsonElement outcome, bool isIncluded, TextWriter text)
    {
        var what = isIncluded ? "included" : outcome.GetProperty("changed").GetBoolean() ? "excluded" : "already excluded";
        text.Say($"{what}  {Line(outcome.GetProperty("exclusion"))}");
        PrintSignals(outcome, "withdrawn", "signals of the log are withdrawn", text);
        PrintSignals(outcome, "anew", "new signals from the remaining records, not logged because their time is over", text);
    }

    private static void PrintSignals(JsonElement outcome, string name, string words, TextWriter text)
    {
        var count = outcome.GetProperty(name + "_count").GetInt64();
        text.Say(FormattableString.Invariant($"{name,-9}  {count:N0} {words}"));
        foreach (var signal in outcome.GetProperty(name).EnumerateArray())
        {
            var position = signal.TryGetProperty("position", out var at) ? $"position {at}  " : "";
            text.Say($"  {position}{signal.GetProperty("time")}  {signal.GetProperty("id")}");
        }

        if (count > outcome.GetProperty(name).GetArrayLength()) text.Say("  ...");
    }

    private static string Line(JsonElement exclusion)
    {
        List<string> parts = [];
        foreach (var name in (string[])["source", "epoch", "seq", "from", "to"])
        {
            if (exclusion.TryGetProperty(name, out var value)) parts.Add($"{name} {value}");
        }

        var by = exclusion.TryGetProperty("by", out var who) ? $" by {who}" : "";
        var (number, records) = (exclusion.GetProperty("number"), exclusion.GetProperty("records").GetInt64());
        return FormattableString.Invariant(
            $"exclusion {number}: {string.Join(", ", parts)}; {records:N0} records, at {exclusion.GetProperty("time")}{by}");
    }
}
