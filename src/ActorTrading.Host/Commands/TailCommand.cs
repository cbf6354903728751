using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Host.Api;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>tail</c>: prints the events that a node sends to its subscribers.</summary>
internal static class TailCommand
{
    private const string Description =
        "Print live events of a node: signals, bars, ticks, late ticks or rejections. Reconnects, and resumes the signals. "
        + "Readable lines on a terminal, NDJSON otherwise.";

    private const string ExampleLines =
        """
        actortrading tail signals
        actortrading tail signals --from 0 --json > signals.ndjson
        actortrading tail bars --symbols AAPL,MSFT --frames 1min,1hour
        actortrading tail rejects --count 10
        """;

    private static readonly string[] Topics = ["signals", "bars", "ticks", "late", "rejects"];

    public static Command Create()
    {
        var topic = new Argument<string>("TOPIC") { Description = string.Join(", ", Topics) };
        topic.AcceptOnlyFromAmong(Topics);
        var node = new NodeChoice();
        var symbols = SymbolList.Option("Only these symbols.");
        var frames = new Option<string?>("--frames") { Description = "Only bars of these frames.", HelpName = "F,F,..." };
        frames.Validators.Add(static result =>
        {
            foreach (var name in (result.GetValueOrDefault<string?>() ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!Frames.TryParse(name, out _)) result.AddError($"'{name}' is not a frame.");
            }
        });
        var from = new Option<long?>("--from")
        {
            Description = "Signals after this position in the signal log, 0 for all. Default: only new signals.", HelpName = "POS",
        };
        var count = new Option<long?>("--count") { Description = "Exit after this many events.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Print NDJSON also on a terminal." };
        var command = new Command("tail", Description) { topic };
        node.AddTo(command);
        foreach (var option in (Option[])[symbols, frames, from, count, json]) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var query = $"topics={parsed.GetRequiredValue(topic)}";
            var wanted = parsed.GetRequiredValue(symbols);
            if (wanted.Count > 0) query += $"&symbols={Uri.EscapeDataString(string.Join(',', wanted))}";
            if (parsed.GetValue(frames) is { Length: > 0 } named) query += $"&frames={Uri.EscapeDataString(named)}";
            if (parsed.GetValue(from) is { } position) query += string.Create(CultureInfo.InvariantCulture, $"&from={position}");
            using var api = node.Open(parsed);
            var printer = parsed.GetValue(json) || Console.IsOutputRedirected ? null : new TailPrinter(MarketPrinter.StandardOutput());
            await FollowAsync(new EventTail(api, query, Console.Error.Say), printer, parsed.GetValue(count) ?? long.MaxValue, cancellation);
            return ExitCode.Ok;
        });
        return command.WithExamples(ExampleLines);
    }

    private static async Task FollowAsync(EventTail tail, TailPrinter? printer, long count, CancellationToken cancellation)
    {
        if (count <= 0) return;
        await foreach (var happened in tail.ReadAsync(cancellation))
        {
            switch (happened.Topic)
            {
                case "heartbeat":
                    continue;
                case "missed" or "error":
                    Console.Error.Say($"{happened.Topic}: {happened.Data}");
                    continue;
            }

            if (printer is null)
            {
                await Console.Out.WriteLineAsync(happened.Data);
            }
            else
            {
                using var data = JsonDocument.Parse(happened.Data);
                printer.Print(happened.Topic, data.RootElement);
            }

            if (--count == 0) return;
        }
    }
}
