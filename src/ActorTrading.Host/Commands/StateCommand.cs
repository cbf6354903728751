using System.CommandLine;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Host.Terminal;
using ActorTrading.Host.Web.Json;
using ActorTrading.Wire.Text;
using Symbol = ActorTrading.Domain.Values.Symbol;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>state</c>: shows the current or a past state of a symbol.</summary>
internal static class StateCommand
{
    private const string Description =
        "Show the state of a symbol: prices, bars, indicator values, sources, state hash; now, or at a time in the past. "
        + "Queries a node, or with --data or --journal reads the journal itself.";

    private const string ExampleLines =
        """
        actortrading state AAPL
        actortrading state AAPL --at 2024-07-09T14:30:00Z --json
        actortrading state AAPL --data actortrading-data --plan plan.json
        """;

    public static Command Create()
    {
        var symbol = new Argument<Symbol>("SYMBOL")
        {
            Description = "The symbol to show.",
            CustomParser = static result =>
            {
                if (Symbol.TryParse(result.Tokens.Single().Value, out var symbol)) return symbol;
                result.AddError($"'{result.Tokens.Single().Value}' is not a symbol.");
                return null;
            },
        };
        var node = new NodeChoice();
        var journal = new JournalChoice();
        var plan = new Option<string?>("--plan")
        {
            Description = "With --data or --journal: the plan to use. Default: the plan in the journal.", HelpName = "PLAN.json",
        };
        var at = new Option<Timestamp?>("--at")
        {
            Description = "Show the state at this time: ISO 8601, or a number since 1970 UTC.",
            HelpName = "TIME",
            CustomParser = static result =>
            {
                var text = result.Tokens.Single().Value;
                if (TimeText.TryParse(Encoding.UTF8.GetBytes(text), InputZone.Utc, out var nanoseconds) == RejectReason.None)
                    return new Timestamp(nanoseconds);
                result.AddError($"'{text}' is not a time.");
                return null;
            },
        };
        var json = new Option<bool>("--json") { Description = "Print it as JSON." };
        var command = new Command("state", Description) { symbol };
        node.AddTo(command);
        journal.AddTo(command);
        foreach (var option in (Option[])[plan, at, json]) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (named, moment) = (parsed.GetRequiredValue(symbol), parsed.GetValue(at));
            using var state = journal.IsGiven(parsed)
                ? await ReadAsync(() => journal.Open(parsed), parsed.GetValue(plan), named, moment, cancellation)
                : await AskAsync(node, parsed, named, moment, cancellation);
            if (parsed.GetValue(json)) Console.Out.WriteLine(state.RootElement.GetRawText());
            else StatePrinter.Print(state.RootElement, Console.Out);
            return ExitCode.Ok;
        });
        return command.WithExamples(ExampleLines);
    }

    private static async Task<JsonDocument> AskAsync(
        NodeChoice node, ParseResult parsed, Symbol symbol, Timestamp? at, CancellationToken cancellation)
    {
        using var api = node.Open(parsed);
        var path = $"symbols/{Uri.EscapeDataString(symbol.Name)}";
        if (at is { } moment) path += $"?at={moment.Nanoseconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        return await api.GetAsync(path, cancellation);
    }

    private static async Task<JsonDocument> ReadAsync(
        Func<IJournalStore> open, string? plan, Symbol symbol, Timestamp? at, CancellationToken cancellation)
    {
        using var store = open();
        try
        {
            var state = await new JournalHistory(PlanFile.Load(plan, store), store)
                .StateAsync(symbol, at ?? new Timestamp(long.MaxValue), cancellation)
                ?? throw new CommandException(ExitCode.BadInput, $"{symbol}: no record was accepted{(at is null ? "" : " by that time")}.");
            return JsonObject.Of(json =>
            {
                if (at is { } moment) json.WriteTime("at", moment);
                StateJson.Write(json, state);
            });
        }
        catch (Exception exception) when (exception is JournalException or RecoveryException or EventsDeletedException)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }
}
