using System.CommandLine;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Demonstrating;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Terminal;
using ActorTrading.Simulation;

namespace ActorTrading.Host.Commands;

/// <summary>
/// The command <c>demo</c>: runs a node and a generated market, and prints bars and signals to the terminal as they happen.
/// </summary>
internal static class DemoCommand
{
    private const string Description = 
        "Start a node in a temporary folder, send it a generated market through its socket, and print bars and signals as they "
        + "happen. On a terminal, print the address of the dashboard first, and run the node and its market until Ctrl-C.";

    private const string ExampleLines =
        """
        actortrading demo
        actortrading demo --hours 24 --seconds 60 --seed 3
        actortrading demo --http-port 5000
        """;

    public static Command Create()
    {
        var symbols = new Option<int>("--symbols") { Description = "Number of symbols, 1 to 16.", DefaultValueFactory = _ => 8 };
        var hours = new Option<int>("--hours")
        {
            Description = "Hours of trading, 1 to 1000. On a terminal, the market continues after them unless this or --seconds is given.",
            DefaultValueFactory = _ => 8,
        };
        var seconds = new Option<int?>("--seconds")
        {
            Description = "Duration in seconds. Default: 20 on a terminal, otherwise as short as possible.",
        };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the random market.", DefaultValueFactory = _ => 7 };
        var httpPort = new Option<int>("--http-port")
        {
            Description = "Port of the API on loopback. Default: any free port.", HelpName = "N",
        };
        var engine = new Option<EngineKind>("--engine")
        {
            Description = "Engine that hosts the symbols.", HelpName = "cluster|embedded", DefaultValueFactory = _ => EngineKind.Cluster,
        };
        httpPort.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 0 and <= 65_535, "0 to 65535."));
        symbols.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 1 and <= 16, "1 to 16 symbols."));
        hours.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 1 and <= 1000, "1 to 1000 hours."));
        seconds.Validators.Add(
            result => Require(result, result.GetValueOrDefault<int?>() is null or (>= 0 and <= 86_400), "0 to 86400 seconds."));

        var command = new Command("demo", Description) { symbols, hours, seconds, seed, httpPort, engine };
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
            var goesOn = !Console.IsOutputRedirected && !IsGiven(parsed.GetResult(hours)) && !IsGiven(parsed.GetResult(seconds));
            var options = new NodeOptions { Kind = parsed.GetValue(engine), HttpPorts = [parsed.GetValue(httpPort)] };
            await RunAsync(market, duration, goesOn, options, cancellation);
            return ExitCode.Ok;
        });
        return command.WithExamples(ExampleLines);

        static bool IsGiven(System.CommandLine.Parsing.OptionResult? result) => result is { Implicit: false };

        static void Require(System.CommandLine.Parsing.OptionResult result, bool holds, string range)
        {
            if (!holds) result.AddError($"{result.Option.Name}: {range}");
        }
    }

    private static async Task RunAsync(
        MarketOptions market, TimeSpan duration, bool goesOn, NodeOptions options, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("actortrading-demo-");
        try
        {
            await using var node = await Node.StartAsync((options with
            {
                Data = folder.FullName, Port = 0, Cluster = options.Cluster with { Port = 0 },
            }).WithEngines(engine => engine with { LiveBuffer = DemoMarket.LiveBuffer }));
            var api = node.Http[0].ToString().TrimEnd('/');

            // Redirected output is the same in every run; the port numbers are not.
            var isTerminal = !Console.IsOutputRedirected;
            if (isTerminal) await Console.Out.WriteLineAsync($"Open {api}/ in a browser. Ctrl-C ends the demo.");
            var aside = isTerminal ? Console.Out : Console.Error;
            await aside.WriteLineAsync($"API {api}  (try: curl {api}/symbols)   ticks to {node.Ingest.Address}");
            var printer = new MarketPrinter(MarketPrinter.StandardOutput(), node.Plan);
            printer.Begin(market);
            await using (var demo = new DemoMarket(node, market)) await RunAsync(demo, printer);
            printer.End(await node.Engine.LedgerAsync(CancellationToken.None), await node.Engine.HashAsync(CancellationToken.None));
            if (isTerminal && !goesOn) await UntilStopped(api, cancellation);
            await node.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task RunAsync(DemoMarket demo, MarketPrinter printer)
        {
            try
            {
                await demo.RunAsync(duration, printer.OnBar, printer.OnSignal, goesOn, cancellation);
            }
            catch (OperationCanceledException) when (goesOn && cancellation.IsCancellationRequested)
            {
                // Cancelled by the user.
            }
        }
    }

    /// <summary>Waits for cancellation after the end of the market, so that the user can query the node.</summary>
    private static async Task UntilStopped(string api, CancellationToken cancellation)
    {
        await Console.Out.WriteLineAsync($"The node runs until Ctrl-C: {api}/ in a browser, curl {api}/ledger");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Cancelled by the user.
        }
    }
}
