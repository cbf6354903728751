using System.CommandLine;
using System.Text.Json;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Host.Terminal;
using ActorTrading.Host.Web.Json;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>explain</c>: explains why a signal fired.</summary>
internal static class ExplainCommand
{
    private const string Description =
        "Explain why a signal fired: its rule in words, the values before and at the signal, the bar and its records. "
        + "Folds the journal again and compares. Queries a node, or with --data or --journal reads the journal itself.";

    private const string ExampleLines =
        """
        actortrading explain MSFT/buy-5b7c2a1f/5min/1720531200000000000/0
        actortrading explain MSFT/buy-5b7c2a1f/5min/1720531200000000000/0 --data actortrading-data --plan plan.json
        """;

    public static Command Create()
    {
        var id = new Argument<string>("SIGNAL_ID") { Description = "Signal id, as printed by tail, --signals-out and the API." };
        var node = new NodeChoice();
        var journal = new JournalChoice();
        var plan = new Option<string?>("--plan")
        {
            Description = "With --data or --journal: the plan to use. Default: the plan in the journal.", HelpName = "PLAN.json",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON, with all records of the bar." };
        var command = new Command("explain", Description) { id };
        node.AddTo(command);
        journal.AddTo(command);
        command.Options.Add(plan);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var signal = parsed.GetRequiredValue(id);
            using var story = journal.IsGiven(parsed)
                ? await ReadAsync(journal, parsed, parsed.GetValue(plan), signal, cancellation)
                : await AskAsync(node, parsed, signal, cancellation);
            if (parsed.GetValue(json)) Console.Out.WriteLine(story.RootElement.GetRawText());
            else ExplanationPrinter.Print(story.RootElement, Console.Out);
            return story.RootElement.GetProperty("outcome").GetString() is "different" or "not_fired" ? ExitCode.BadInput : ExitCode.Ok;
        });
        return command.WithExamples(ExampleLines);
    }

    private static async Task<JsonDocument> AskAsync(NodeChoice node, ParseResult parsed, string signal, CancellationToken cancellation)
    {
        using var api = node.Open(parsed);
        return await api.GetAsync($"explain?signal={Uri.EscapeDataString(signal)}", cancellation);
    }

    private static async Task<JsonDocument> ReadAsync(
        JournalChoice journal, ParseResult parsed, string? plan, string signal, CancellationToken cancellation)
    {
        using var store = journal.Open(parsed);
        try
        {
            var explanation = await new JournalHistory(PlanFile.Load(plan, store), store).ExplainAsync(signal, cancellation)
                ?? throw new CommandException(
                    ExitCode.BadInput, $"{signal}: no such signal in the signal log or in the events of {store.Location}.");
            return JsonObject.Of(json => ExplanationJson.Write(json, explanation));
        }
        catch (Exception exception) when (exception is JournalException or RecoveryException)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }
}
