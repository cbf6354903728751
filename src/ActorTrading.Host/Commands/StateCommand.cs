using System.CommandLine;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary><c>state</c>: a symbol now, or as it was.</summary>
internal static class StateCommand
{
    private const string ExampleLines =
        """
        actortrading state AAPL
        actortrading state AAPL --at 2024-07-09T14:30:00Z --json
        """;

    public static Command Create()
    {
        var symbol = new Argument<string>("SYMBOL") { Description = "Which symbol." };
        var node = new NodeChoice();
        var at = new Option<string?>("--at") { Description = "As it was at that time: ISO 8601, or nanoseconds since 1970 UTC.", HelpName = "TIME" };
        var json = new Option<bool>("--json") { Description = "Print the node's answer as it is." };
        var command = new Command("state", "Show the state of a symbol: prices, bars, indicator values, sources, state hash; now, or at a time in the past.") { symbol };
        node.AddTo(command);
        command.Options.Add(at);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = $"symbols/{Uri.EscapeDataString(parsed.GetRequiredValue(symbol))}";
            if (parsed.GetValue(at) is { } time) path += $"?at={Uri.EscapeDataString(time)}";
            using var api = node.Open(parsed);
            using var answer = await api.GetAsync(path, cancellation);
            if (parsed.GetValue(json)) Console.Out.WriteLine(answer.RootElement.GetRawText());
            else StatePrinter.Print(answer.RootElement, Console.Out);
            return ExitCode.Ok;
        });
        return command.WithExamples(ExampleLines);
    }
}
