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
        "Take ticks by TCP and HTTP, make them durable, fold them, answer questions; until Ctrl-C or SIGTERM, then drain and stop.";

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
            Description = "A file of settings as JSON; see docs/command-line.md.", HelpName = "NODE.json",
        };
        var options = new (string Key, Option<string?> Option)[]
        {
            ("data", Text("--data", "DIR", $"The folder of the node; made when it is not there. Default: {NodeOptions.DefaultData}.")),
            ("journal", Text("--journal", "CONNECTION", "A PostgreSQL database to keep the journal in, instead of a file in the folder.")),
            ("plan", Text(
                "--plan", "PLAN.json", "The plan as JSON; when left out, that of the journal, or the default plan where it has none yet.")),
            ("listen", Text(
                "--listen", "ADDRESS",
                "The IP address that ticks and requests come to. Default: loopback, so that no other machine reaches it.")),
            ("port", Text("--port", "N", $"The port for ticks over TCP, 0 for any that is free. Default: {IngestOptions.DefaultPort}.")),
            ("http:port", Text(
                "--http-port", "N[,N...]", $"The port or ports for HTTP, 0 for any that is free. Default: {WebOptions.DefaultPort}.")),
            ("access", Text(
                "--access", "RULES.json", "Rules that say who may send and see what. Everybody may do everything when left out.")),
            ("tls:certificate", Text(
                "--tls-certificate", "FILE", "The certificate for TCP and HTTP, PEM or PKCS #12; nothing is encrypted when left out.")),
            ("tls:key", Text("--tls-key", "FILE", "Its key as PEM, where the file of the certificate does not hold it.")),
            ("engine:kind", Text("--engine", "cluster|embedded", "What hosts the symbols: cluster, Akka.NET, for one node or many; "
                + "embedded, one process and its highest rate. Default: cluster.")),
            ("cluster:roles", Text(
                "--roles", "ROLE[,ROLE...]", "What the node does in its cluster: ingest, symbols, admin, gateway. Default: everything.")),
            ("cluster:host", Text(
                "--cluster-host", "NAME", "The IP address or DNS name at which other nodes reach this one. Default: 127.0.0.1.")),
            ("cluster:bind", Text("--cluster-bind", "ADDRESS", "The IP address that the port for other nodes listens on. Default: "
                + "that of --cluster-host where it is this machine's, otherwise all.")),
            ("cluster:port", Text(
                "--cluster-port", "N",
                $"The port for the other nodes, 0 for any that is free. Default: {NodeOptions.DefaultClusterPort}.")),
            ("cluster:hocon", Text("--hocon", "FILE", "Settings of Akka.NET that go before those of this program.")),
            ("log:format", Text("--log-format", "text|json", "What lines on the standard error look like. Default: text.")),
            ("log:level", Text(
                "--log-level", "LEVEL",
                "The least level that is logged: trace, debug, information, warning, error. Default: warning; information for json.")),
        };
        var seeds = new Option<string[]>("--seed")
        {
            Description = "A node of the cluster to join; give two at least. Without one this node begins a cluster.",
            HelpName = "HOST:PORT",
        };
        var unencrypted = new Option<bool>("--allow-unencrypted")
        {
            Description = "Let other machines reach the port for nodes without encryption: whoever reaches it can be a node.",
        };
        var insecure = new Option<bool>("--insecure")
        {
            Description = "Let other machines reach the node without access rules: all of them may do everything.",
        };
        var stopWithInput = new Option<bool>(StopWithInput)
        {
            Description = "Drain and stop, too, when the standard input ends: for a program that starts nodes and may die.",
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
