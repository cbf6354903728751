using System.CommandLine;
using System.Diagnostics;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Host.Terminal;
using ActorTrading.Wire.Generation;

namespace ActorTrading.Host.Commands;

/// <summary><c>demo</c>: a made-up market through the fold, its bars and signals on the terminal as they happen.</summary>
internal static class DemoCommand
{
    private const string Description = "Make up a small market, run it through the fold, and print bars and signals as they happen.";

    private const string ExampleLines =
        """
        actortrading demo
        actortrading demo --hours 24 --seconds 60 --seed 3
        """;

    public static Command Create()
    {
        var symbols = new Option<int>("--symbols") { Description = "How many symbols trade, 1 to 16.", DefaultValueFactory = _ => 8 };
        var hours = new Option<int>("--hours") { Description = "Hours of trading, 1 to 1000.", DefaultValueFactory = _ => 8 };
        var seconds = new Option<int?>("--seconds") { Description = "Seconds it is to take; 20 on a terminal, otherwise as few as possible." };
        var seed = new Option<ulong>("--seed") { Description = "Another seed, another market.", DefaultValueFactory = _ => 7 };
        symbols.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 1 and <= 16, "1 to 16 symbols."));
        hours.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 1 and <= 1000, "1 to 1000 hours."));
        seconds.Validators.Add(result => Require(result, result.GetValueOrDefault<int?>() is null or (>= 0 and <= 86_400), "0 to 86400 seconds."));

        var command = new Command("demo", Description) { symbols, hours, seconds, seed };
        command.SetAction(async (parsed, cancellation) =>
        {
            var count = parsed.GetValue(symbols);
            var market = new MarketOptions
            {
                Symbols = count,
                Names = MarketOptions.KnownTickers,
                Ticks = parsed.GetValue(hours) * 3600L * count, // each symbol ticks once a second
                Step = Timestamp.Second / count,
                Seed = parsed.GetValue(seed),
                Volatility = 0.0002,
            };
            var duration = TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? (Console.IsOutputRedirected ? 0 : 20));
            await RunAsync(market, duration, cancellation);
            return ExitCode.Ok;
        });
        return command.WithExamples(ExampleLines);

        static void Require(System.CommandLine.Parsing.OptionResult result, bool holds, string range)
        {
            if (!holds) result.AddError($"{result.Option.Name}: {range}");
        }
    }

    private static async Task RunAsync(MarketOptions options, TimeSpan duration, CancellationToken cancellation)
    {
        var printer = new MarketPrinter(MarketPrinter.StandardOutput());
        var market = new Market(Plan.Default, printer);
        var generator = new MarketGenerator(options);
        var start = options.Start.Nanoseconds;
        var length = (double)options.Ticks * options.Step;
        var clock = Stopwatch.StartNew();
        printer.Begin(Plan.Default, options);
        while (generator.TryNext(out var record))
        {
            // Market time runs as much faster than real time as the duration asks for.
            var due = duration * ((record.Time.Nanoseconds - start) / length);
            while (due > clock.Elapsed + TimeSpan.FromMilliseconds(20)) await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
            market.OnRecord(record);
        }

        printer.End(market);
    }
}
