using System.CommandLine;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>symbols delete</c>: deletes a symbol from a node and its journal.</summary>
internal static class DeleteSymbolCommand
{
    private const string Description =
        "Delete a symbol permanently: its state, its bars and its events in the journal. Its signals stay in the log, "
        + "and the journal keeps the caller and time of the deletion. A later record starts the symbol again.";

    public static Command Create()
    {
        var symbol = new Argument<string>("SYMBOL") { Description = "The symbol to delete." };
        var node = new NodeChoice();
        var json = new Option<bool>("--json") { Description = "Print the node's response as JSON." };
        var command = new Command("delete", Description) { symbol };
        command.Options.Add(json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = node.Open(parsed);
            var path = $"symbols/{Uri.EscapeDataString(parsed.GetRequiredValue(symbol))}";
            // Deleting many events takes long.
            using var answer = await api.SendAsync(HttpMethod.Delete, path, cancellation, within: Timeout.InfiniteTimeSpan);
            var root = answer.RootElement;
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(root.GetRawText());
                return ExitCode.Ok;
            }

            var by = root.TryGetProperty("by", out var who) ? $" by {who}" : "";
            Console.Out.WriteLine($"{(root.GetProperty("changed").GetBoolean() ? "deleted" : "already deleted")}  "
                + $"{root.GetProperty("symbol")}, at {root.GetProperty("time")}{by}");
            if (!root.GetProperty("purged").GetBoolean())
                Console.Out.WriteLine("its events are still in the journal; the next deletion or start of a node deletes them");
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading symbols delete OLD\nactortrading symbols delete BTC/USD --token-file admin.token");
    }
}
