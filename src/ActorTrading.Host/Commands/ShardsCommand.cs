using System.CommandLine;
using System.Text.Json;
using ActorTrading.Host.Api;
using ActorTrading.Host.Terminal;
using ActorTrading.Wire.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>shards</c>: shows the location and status of a cluster's shards, once or live.</summary>
internal static class ShardsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var node = new NodeChoice();
        var watch = new Option<bool>("--watch")
        {
            Description = "Refresh every second until Ctrl-C: a table in place, or a line for each node if the output "
                + "is not a terminal.",
        };
        var json = new Option<bool>("--json") { Description = "Print the node's response as JSON." };
        var command = new Command(
            "shards",
            "List the shards of a cluster: owner, active symbols, records per second, lag, last event, moves. Any node answers for all.")
            {
                watch, json,
            };
        node.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = node.Open(parsed);
            using var first = await api.GetAsync("shards", cancellation);
            if (!parsed.GetValue(watch)) Print(first.RootElement, parsed.GetValue(json));
            else if (parsed.GetValue(json) || Console.IsOutputRedirected) await FollowAsync(api, parsed.GetValue(json), cancellation);
            else await DrawAsync(api, SafeOutput.Coloured(), cancellation);
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading shards\nactortrading shards --watch --node http://10.0.0.5:5000");
    }

    private static void Print(JsonElement answer, bool asItIs)
    {
        if (asItIs) Console.Out.WriteLine(answer.GetRawText());
        else ShardTable.Print(answer, Console.Out);
    }

    private static async Task FollowAsync(NodeApi api, bool asItIs, CancellationToken cancellation)
    {
        while (true)
        {
            using var answer = await api.GetAsync("shards", cancellation);
            if (asItIs) await Console.Out.WriteLineAsync(answer.RootElement.GetRawText());
            else ShardTable.PrintLines(answer.RootElement, DateTime.Now, Console.Out);
            await Task.Delay(Pause, cancellation);
        }
    }

    private static Task DrawAsync(NodeApi api, IAnsiConsole console, CancellationToken cancellation) =>
        console.Live(new Text("")).StartAsync(async live =>
        {
            while (true)
            {
                try
                {
                    using var answer = await api.GetAsync("shards", cancellation);
                    live.UpdateTarget(Picture(answer.RootElement, api.Node, console.Profile.Height));
                }
                catch (CommandException exception) when (exception.ExitCode == ExitCode.NoNode)
                {
                    live.UpdateTarget(new Text($"{DateTime.Now:HH:mm:ss}  {PlainText.Line(exception.Message)}")); // it may recover
                }

                await Task.Delay(Pause, cancellation);
            }
        });

    /// <summary>The table of the nodes and as many of the busiest shards as fit the height.</summary>
    internal static IRenderable Picture(JsonElement answer, Uri node, int height)
    {
        var nodes = ShardTable.Nodes(answer);
        var count = answer.GetProperty("shards").GetArrayLength();
        var shown = ShardTable.Busiest(answer, Math.Max(3, height - nodes.Count - 10));
        return new Rows(
            Table(ShardTable.NodeColumns, nodes, $"{DateTime.Now:HH:mm:ss}  {node}"),
            Table(
                ShardTable.ShardColumns, shown, shown.Count == count ? $"{count} shards" : $"the busiest {shown.Count} of {count} shards"));
    }

    private static Table Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, string title)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(title.EscapeMarkup()) };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column)
            {
                NoWrap = true, Alignment = column is "owner" or "node" or "last_event" or "region" ? Justify.Left : Justify.Right,
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(
                PlainText.Line(cell),
                cell.EndsWith(ShardTable.Silent, StringComparison.Ordinal) || cell == ShardTable.Nobody ? new Style(Color.Red) : null)));
        }
        return table;
    }
}
