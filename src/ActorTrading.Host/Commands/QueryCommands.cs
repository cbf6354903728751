using System.CommandLine;
using System.Text.Json;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>Commands that send one query to a running node and print the answer: as a table, or with <c>--json</c> unchanged.</summary>
internal static class QueryCommands
{
    public static Command Symbols()
    {
        var command = Ask("symbols", "List the symbols of a node: last price and time, records, signals, partition.", "symbols")
            .WithExamples("actortrading symbols\nactortrading symbols --node http://10.0.0.5:5000 --json\nactortrading symbols delete OLD");
        command.Subcommands.Add(DeleteSymbolCommand.Create());
        return command;
    }

    public static Command Ledger() => Ask(
        "ledger",
        "Count all records received by a node since its start, per source: received = applied + late + duplicate + rejected.",
        "ledger")
        .WithExamples("actortrading ledger");

    public static Command Audit() =>
        Ask("audit", "Show the last lines of a node's audit log, newest first: changes and refused requests, with their callers.", "audit")
            .WithExamples("actortrading audit\nactortrading audit --json");

    public static Command Partitions() =>
        Ask("partitions", "List the partitions of a node: symbols, waiting records, and the age of the oldest of them.", "partitions")
            .WithExamples("actortrading partitions");

    public static Command Subscriptions()
    {
        var list = Ask("list", "List the symbols that a node accepts; without a list, it accepts all.", "subscriptions")
            .WithExamples("actortrading subscriptions list");
        return new Command("subscriptions", "Manage the list of symbols that a node accepts; the list survives restarts.")
        {
            list,
            Change("add", "Add symbols to the list. Symbols that are not on the list are rejected.", HttpMethod.Put)
                .WithExamples("actortrading subscriptions add AAPL MSFT"),
            Change("remove", "Remove symbols from the list. Their state and journal stay.", HttpMethod.Delete)
                .WithExamples("actortrading subscriptions remove MSFT"),
            Clear(),
        };
    }

    private static Command Clear()
    {
        var node = new NodeChoice();
        var command = new Command("clear", "Delete the list: the node accepts every symbol again.");
        node.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = node.Open(parsed);
            using var answer = await api.SendAsync(HttpMethod.Delete, "subscriptions", cancellation);
            Print(answer.RootElement, asItIs: false);
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading subscriptions clear");
    }

    private static Command Ask(string name, string description, string path)
    {
        var node = new NodeChoice();
        var json = new Option<bool>("--json") { Description = "Print the node's response as JSON." };
        var command = new Command(name, description);
        node.AddTo(command);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = node.Open(parsed);
            using var answer = await api.GetAsync(path, cancellation);
            Print(answer.RootElement, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Change(string name, string description, HttpMethod method)
    {
        var node = new NodeChoice();
        var symbols = new Argument<string[]>("SYMBOL") { Description = "Symbols.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(name, description) { symbols };
        node.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = node.Open(parsed);
            foreach (var symbol in parsed.GetRequiredValue(symbols))
            {
                using var done = await api.SendAsync(method, $"subscriptions/{Uri.EscapeDataString(symbol)}", cancellation);
            }

            using var answer = await api.GetAsync("subscriptions", cancellation);
            Print(answer.RootElement, asItIs: false);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Prints an answer: unchanged as JSON, or as tables.</summary>
    public static void Print(JsonElement answer, bool asItIs)
    {
        if (asItIs) Console.Out.WriteLine(answer.GetRawText());
        else JsonTables.Print(answer, Console.Out);
    }
}
