using System.CommandLine;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>
/// The command <c>health</c>: checks whether a node is ready, for a supervisor without an HTTP client, such as in a container image without
/// a shell.
/// </summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var node = new NodeChoice();
        var live = new Option<bool>("--live") { Description = "Check only that the process runs, not that the node is ready." };
        var command = new Command("health", "Check whether a node is ready: exit code 0 if it is, 5 if it is not or does not answer.");
        node.AddTo(command);
        command.Options.Add(live);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = node.Open(parsed);
            using var answer = await api.GetAsync(parsed.GetValue(live) ? "health/live" : "health/ready", cancellation);
            Console.Out.Say(answer.RootElement.GetProperty("status").GetString());
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading health\nactortrading health --live --node http://127.0.0.1:5001");
    }
}
