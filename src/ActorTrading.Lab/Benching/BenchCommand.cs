using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using ActorTrading.Host;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Lab.Benching;

/// <summary>The command <c>bench</c>: measures the throughput and latency of a node.</summary>
internal static class BenchCommand
{
    private const long AsManyAsWillGo = 0;
    private const int MaxSymbols = 1_000_000;

    private const string Description =
        "Send a made-up market to a node over TCP and measure what it acknowledges: rate, latencies from when each record was to be sent "
        + "(signals and bars: until a subscriber has them), processor time, memory.";

    private const string ExampleLines =
        """
        actortrading-lab bench ingest
        actortrading-lab bench ingest --rate 200000 --format binary --seconds 60
        actortrading-lab bench ingest --symbols 10000 --json result.json
        actortrading-lab bench ingest --rate 50000 --to 127.0.0.1:9999 --api http://127.0.0.1:5000
        """;

    private const string CompareDescription =
        "Run both engines in turn under the same loads, each on a node in a process of its own on SQLite, over TCP, "
        + "acknowledged when durable, and print both figures and their ratio.";

    private const string CompareExamples =
        """
        actortrading-lab bench compare
        actortrading-lab bench compare --case 200-binary --case ordinary-day --rounds 3 --json result.json
        """;

    public static Command Create() => new("bench", "Measure a node.") { Ingest(), Compare() };

    private static Command Ingest()
    {
        var symbols = Number("--symbols", "How many symbols trade.", 200, 1, MaxSymbols);
        var rate = new Option<long>("--rate")
        {
            Description = "Records in a second, sent by schedule; or max, which is what is sent when left out.",
            HelpName = "N|max",
            CustomParser = static result =>
            {
                var text = result.Tokens.Single().Value;
                if (text == "max") return AsManyAsWillGo;
                if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0) return value;
                result.AddError($"'{text}' is no rate: a whole number above 0, or max.");
                return AsManyAsWillGo;
            },
        };
        var seconds = Number("--seconds", "How long it is measured.", 10, 1, 86_400);
        var warmUp = Number("--warmup", "Seconds before that.", 3, 0, 3_600);
        var format = new Option<string>("--format") { Description = "ndjson or binary.", DefaultValueFactory = static _ => "ndjson" };
        format.AcceptOnlyFromAmong("ndjson", "binary");
        var connections = Number("--connections", "Senders, which share the symbols and the rate.", 1, 1, 1_000);
        var window = Number("--window", "Records unacknowledged at most, on each connection.", 131_072, 1, 100_000_000);
        var to = AddressOption.Create("--to", "A running node; one of its own, which ends with the measurement, when left out.");
        var api = new NodeChoice(
            "--api", "The API of the running node: for the latency of signals and bars at a subscriber, and its ledger.", isOptional: true);
        var engine = new Option<EngineKind?>("--engine")
        {
            Description = "The engine of its own node. Default: cluster.", HelpName = "embedded|cluster",
        };
        var plan = new Option<string?>("--plan") { Description = "The plan of its own node.", HelpName = "PLAN.json" };
        var data = new Option<string?>("--data")
        {
            Description = "The folder of its own node, which stays; a temporary one when left out.", HelpName = "DIR",
        };
        var json = new Option<string?>("--json") { Description = "Write the result as JSON; - for standard output.", HelpName = "FILE" };
        var command = new Command("ingest", Description)
        {
            symbols, rate, seconds, warmUp, format, connections, window, to, engine, plan, data, json,
        };
        api.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            new BenchOptions(
                parsed.GetValue(symbols), parsed.GetValue(rate) is var asked and not AsManyAsWillGo ? asked : null,
                TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                parsed.GetValue(format) == "binary", parsed.GetValue(connections), parsed.GetValue(window), parsed.GetValue(to),
                api.TryOpen(parsed), parsed.GetValue(plan), parsed.GetValue(data)) { Engine = parsed.GetValue(engine) ?? default },
            parsed.GetValue(json), cancellation));
        return command.WithExamples(ExampleLines);
    }

    private static Command Compare()
    {
        var names = ComparisonCase.All.Select(one => one.Name).ToArray();
        var cases = new Option<string[]>("--case")
        {
            Description = $"A load, or several: {string.Join(", ", names)}. All when left out.", HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        cases.AcceptOnlyFromAmong(names);
        var rounds = Number("--rounds", "Runs of each engine under each load, in turn; the middle one counts.", 1, 1, 100);
        var seconds = Number("--seconds", "How long each run is measured.", 10, 1, 86_400);
        var warmUp = Number("--warmup", "Seconds before that.", 20, 0, 3_600);
        var json = new Option<string?>("--json") { Description = "Write the results as JSON; - for standard output.", HelpName = "FILE" };
        var command = new Command("compare", CompareDescription) { cases, rounds, seconds, warmUp, json };
        command.SetAction((parsed, cancellation) =>
        {
            var chosen = parsed.GetValue(cases) is { Length: > 0 } given
                ? ComparisonCase.All.Where(one => given.Contains(one.Name))
                : ComparisonCase.All;
            var comparison = new EngineComparison(
                [.. chosen], parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                TimeSpan.FromSeconds(parsed.GetValue(warmUp)));
            return CompareAsync(comparison, parsed.GetValue(json), cancellation);
        });
        return command.WithExamples(CompareExamples);
    }

    private static async Task<int> CompareAsync(EngineComparison comparison, string? json, CancellationToken cancellation)
    {
        var results = await comparison.RunAsync(result => { if (json != "-") result.Print(Console.Out); }, cancellation);
        if (json is not null)
        {
            using var stream = OutputFile.Create(json);
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            {
                writer.WriteStartArray();
                foreach (var result in results) result.WriteTo(writer);
                writer.WriteEndArray();
            }

            stream.Write("\n"u8);
        }

        var faults = results.SelectMany(result => result.Faults.Select(fault => $"{result.Case.Name}: {fault}")).ToList();
        foreach (var fault in faults) Console.Error.Say(fault);
        return faults.Count > 0 ? ExitCode.BadOutput : ExitCode.Ok;
    }

    private static async Task<int> RunAsync(BenchOptions options, string? json, CancellationToken cancellation)
    {
        using var api = options.Api;
        Check(options);
        var report = await new BenchRun(options).RunAsync(cancellation);
        if (json != "-") report.Print(Console.Out);
        if (json is not null)
        {
            using var stream = OutputFile.Create(json);
            report.WriteJson(stream);
        }

        foreach (var fault in report.Faults) Console.Error.Say(fault);
        return report.Faults.Any() ? ExitCode.BadOutput : ExitCode.Ok;
    }

    private static void Check(BenchOptions options)
    {
        if (options.Connections > options.Symbols) throw new CommandException(ExitCode.Usage, "There are more connections than symbols.");
        if (options.To is not null && (options.Plan ?? options.Data) is not null)
            throw new CommandException(ExitCode.Usage, "--plan and --data are of a node of its own, --to is another one.");
        if (options.To is null && options.Api is not null)
            throw new CommandException(ExitCode.Usage, "--api is of the node named by --to; one of its own is known.");
        if (options.Rate * (options.WarmUp + options.Duration).TotalSeconds > MarketTape.MaxRecords)
            throw new CommandException(
                ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"A run has at most {MarketTape.MaxRecords:N0} records."));
    }

    private static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(Check);
        return option;

        void Check(OptionResult result)
        {
            if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: {least:N0} to {most:N0}."));
        }
    }
}
