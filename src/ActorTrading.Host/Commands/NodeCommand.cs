using System.CommandLine;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Host.Backtesting;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Terminal;
using ActorTrading.Host.Web;
using Akka.Hosting;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>node</c>: receives ticks over TCP and HTTP, makes them durable and folds them, until it is stopped.</summary>
internal static class NodeCommand
{
    private const string Name = "node";
    private const string StopWithInput = "--stop-with-input";
    private const string Description =
        "Run a node: accept ticks over TCP and HTTP, persist and fold them, answer queries. Ctrl-C or SIGTERM drains and stops it.";

    private const string ExampleLines =
        """
        actortrading node
        actortrading node --data /var/lib/actortrading --plan plan.json --port 9999 --http-port 5000
        actortrading node --config node.json
        actortrading node --engine embedded
        actortrading node --config node.json --journal "Host=db;Database=trading" --cluster-host node-1.example --seed node-1.example:4053 --seed node-2.example:4053
        actortrading node --listen '*' --access rules.json --tls-certificate node.crt --tls-key node.key
        """;

    /// <summary>Creates the command.</summary>
    /// <param name="configure">Adds to the actor system of the node; see <see cref="CommandLine.RunAsync"/>.</param>
    public static Command Create(Action<AkkaConfigurationBuilder, IServiceProvider>? configure)
    {
        var config = new Option<string?>("--config")
        {
            Description = "Settings file as JSON; see docs/command-line.md.", HelpName = "NODE.json",
        };
        var options = new (string Key, Option<string?> Option)[]
        {
            ("data", Text("--data", "DIR", $"Data folder of the node; created if it does not exist. Default: {NodeOptions.DefaultData}.")),
            ("journal", Text("--journal", "CONNECTION", "PostgreSQL database for the journal, instead of a file in the folder.")),
            ("plan", Text(
                "--plan", "PLAN.json", "Plan as JSON. Default: the plan in the journal, or the default plan if there is none yet.")),
            ("listen", Text(
                "--listen", "ADDRESS",
                "IP address to listen on for ticks and requests. Default: loopback, unreachable from other machines.")),
            ("port", Text("--port", "N", $"Port for ticks over TCP; 0: any free port. Default: {IngestOptions.DefaultPort}.")),
            ("http:port", Text(
                "--http-port", "N[,N...]", $"Port or ports for HTTP; 0: any free port. Default: {WebOptions.DefaultPort}.")),
            ("access", Text(
                "--access", "RULES.json", "File of the access rules. Default: no rules, every client may do everything.")),
            ("tls:certificate", Text(
                "--tls-certificate", "FILE", "Certificate for TCP and HTTP, PEM or PKCS #12. Default: no encryption.")),
            ("tls:key", Text("--tls-key", "FILE", "Key of the certificate as PEM, if not in the certificate file.")),
            ("engine:kind", Text("--engine", "cluster|embedded", "The engine: cluster, Akka.NET, for one node or several; "
                + "embedded, one process with the highest rate. Default: cluster.")),
            ("cluster:roles", Text(
                "--roles", "ROLE[,ROLE...]", "Roles of the node in its cluster: ingest, symbols, admin, gateway. Default: all.")),
            ("cluster:host", Text(
                "--cluster-host", "NAME", "The IP address or DNS name at which other nodes reach this one. Default: 127.0.0.1.")),
            ("cluster:bind", Text("--cluster-bind", "ADDRESS", "The IP address that the port for other nodes listens on. Default: "
                + "that of --cluster-host if it is an address of this machine, otherwise all.")),
            ("cluster:port", Text(
                "--cluster-port", "N",
                $"Port for the other nodes; 0: any free port. Default: {NodeOptions.DefaultClusterPort}.")),
            ("cluster:hocon", Text("--hocon", "FILE", "File of Akka.NET settings that override those of this program.")),
            ("log:format", Text("--log-format", "text|json", "Format of log lines on the standard error. Default: text.")),
            ("log:level", Text(
                "--log-level", "LEVEL",
                "Lowest level that is logged: trace, debug, information, warning, error. Default: warning; information for json.")),
        };
        var seeds = new Option<string[]>("--seed")
        {
            Description = "Seed node of the cluster to join; give at least two. Default: none, this node forms a cluster.",
            HelpName = "HOST:PORT",
        };
        var unencrypted = new Option<bool>("--allow-unencrypted")
        {
            Description = "Allow other machines to reach the cluster port without encryption: every one of them can be a node.",
        };
        var insecure = new Option<bool>("--insecure")
        {
            Description = "Allow other machines to reach the node without access rules: all of them may do everything.",
        };
        var stopWithInput = new Option<bool>(StopWithInput)
        {
            Description = "Also drain and stop when the standard input ends: for a node supervised by a parent process.",
        };
        var command = new Command(Name, Description) { config, seeds, unencrypted, insecure, stopWithInput };
        foreach (var (_, option) in options) command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var arguments = options.ToDictionary(entry => entry.Key, entry => parsed.GetValue(entry.Option));
            arguments.Add("cluster:seeds", parsed.GetValue(seeds) is { Length: > 0 } given ? string.Join(',', given) : null);
            arguments.Add("insecure", parsed.GetValue(insecure) ? "true" : null);
            arguments.Add("cluster:allow_unencrypted", parsed.GetValue(unencrypted) ? "true" : null);
            var settings = NodeSettings.Read(parsed.GetValue(config), arguments) with { Configure = configure };
            return await RunAsync(settings, parsed.GetValue(stopWithInput) ? NodeRun.Supervised : NodeRun.Console);
        });
        return command.WithExamples(ExampleLines);

        static Option<string?> Text(string name, string shape, string description) =>
            new(name) { Description = description, HelpName = shape };
    }

    /// <summary>Whether the command line calls this command, whose host handles stop signals itself.</summary>
    public static bool Is(ParseResult parsed) => parsed.CommandResult.Command.Name == Name;

    private static async Task<int> RunAsync(NodeOptions options, NodeRun run)
    {
        if (options.Exposure is { } exposure) await Console.Error.WriteLineAsync($"warning: {exposure}; see docs/security.md");
        using var logs = NodeLogging.Create(options.Log);
        var end = "";
        await using var node = await Node.StartAsync(options, logs, run: run with { Closed = PrintEndAsync });
        var (engine, signals, journal) = (node.Hosted, node.Recovery.Signals, node.Journal.Location);
        await Console.Out.WriteLineAsync(engine.Address is { } own
            ? FormattableString.Invariant($"in the cluster as {own}; {signals:N0} signals in {journal}")
            : FormattableString.Invariant($"recovered {engine.Recovery.Symbols:N0} symbols and {signals:N0} signals from {journal}"));
        if (node.Hosted.Has(Role.Ingest)) await Console.Out.WriteLineAsync($"listening on {node.Ingest.Address} (ticks)");
        await Console.Out.WriteLineAsync($"{node.Http[0]} (dashboard)");
        foreach (var address in node.Http) await Console.Out.WriteLineAsync($"{address.ToString().TrimEnd('/')} (API)");
        try
        {
            await PrintSignalsAsync(node);
            if (node.Hosting?.Failure is { } failure) throw new EngineStoppedException(failure.Message);
            await node.StopAsync();
            await Console.Out.WriteLineAsync($"drained; {end}");
            return ExitCode.Ok;
        }
        catch (EngineStoppedException exception)
        {
            logs.CreateLogger(NodeLogging.Category).EngineFailed(exception.Message);
            throw new CommandException(ExitCode.NodeFailed, $"stopped: {exception.Message}");
        }

        async Task PrintEndAsync(Node closed)
        {
            // The other cluster nodes continue, so this node has no final state to print.
            end = closed.Hosting!.HasOthers
                ? $"{closed.Hosting.Address} has left the cluster"
                : $"state hash {await closed.Engine.HashAsync(CancellationToken.None)}";
            foreach (var line in await closed.Ingest.Running.LedgerAsync(CancellationToken.None))
                Console.Out.Say($"ledger {BacktestReport.Spell(line)}");
        }
    }

    /// <summary>Prints signals until the node stops. Throws when the engine fails.</summary>
    private static async Task PrintSignalsAsync(Node node)
    {
        try
        {
            await foreach (var logged in node.Engine.SignalsAsync(node.Recovery.Signals, node.Stopping))
                Console.Out.Say(logged.Signal.ToString());
        }
        catch (OperationCanceledException) when (node.Stopping.IsCancellationRequested)
        {
            // Cancelled.
        }
    }
}
