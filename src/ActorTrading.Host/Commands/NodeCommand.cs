using System.CommandLine;
using System.Net;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Backtesting;

namespace ActorTrading.Host.Commands;

/// <summary><c>node</c>: ticks on a socket, made durable, folded; runs until it is told to stop.</summary>
internal static class NodeCommand
{
    /// <summary>The folder of the journal when none is named.</summary>
    public const string DefaultData = "actortrading-data";

    private const string Description = "Take ticks on a socket, make them durable, fold them; until Ctrl-C or SIGTERM, then drain and stop.";

    private const string ExampleLines =
        """
        actortrading node
        actortrading node --data /var/lib/actortrading --plan plan.json --port 9999
        """;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The folder of the journal; made when it is not there.", DefaultValueFactory = _ => DefaultData, HelpName = "DIR" };
        var plan = new Option<string?>("--plan") { Description = "The plan as JSON; the default plan when left out.", HelpName = "PLAN.json" };
        var port = new Option<int>("--port") { Description = "The port on loopback, 0 for any that is free.", DefaultValueFactory = _ => IngestOptions.DefaultPort };
        port.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65_535) result.AddError("A port is from 0 to 65535.");
        });
        var command = new Command("node", Description) { data, plan, port };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(data), PlanFile.Load(parsed.GetValue(plan)), parsed.GetValue(port), cancellation));
        return command.WithExamples(ExampleLines);
    }

    private static async Task<int> RunAsync(string data, Domain.Plans.Plan plan, int port, CancellationToken cancellation)
    {
        using var hold = Hold(data);
        try
        {
            using var store = JournalStore.Open(Path.Combine(data, JournalStore.FileName));
            if (store.Notice is { } notice) await Console.Error.WriteLineAsync(notice);
            await using var engine = await EmbeddedEngine.OpenAsync(plan, store);
            var symbols = await engine.SymbolsAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync($"recovered {symbols.Count:N0} symbols and {engine.LastSignal:N0} signals from {store.Location}");

            var unreadable = 0L;
            await using (var listener = Listen(engine, port, () => Interlocked.Increment(ref unreadable)))
            {
                await Console.Out.WriteLineAsync($"listening on {listener.Address}");
                await UntilStopped(engine, cancellation);
                await listener.StopAsync(CancellationToken.None);
            }

            if (engine.Failure is { } failure) throw new CommandException(ExitCode.BadOutput, $"stopped: {failure.Message}");
            var hash = await engine.HashAsync(CancellationToken.None);
            foreach (var line in await engine.LedgerAsync(CancellationToken.None)) await Console.Out.WriteLineAsync($"ledger {BacktestReport.Spell(line)}");
            if (unreadable > 0) await Console.Out.WriteLineAsync($"unreadable {unreadable:N0}");
            await engine.DrainAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync($"drained; state hash {hash}");
            return ExitCode.Ok;
        }
        catch (Exception exception) when (exception is JournalException or RecoveryException or EngineStoppedException)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message);
        }
    }

    /// <summary>Makes the folder and keeps every other node out of it for as long as this one lives.</summary>
    private static FileStream Hold(string data)
    {
        try
        {
            Directory.CreateDirectory(data);
            return new FileStream(Path.Combine(data, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.BadOutput, $"{data}: cannot be held; another node may: {exception.Message}");
        }
    }

    private static IngestListener Listen(IEngine engine, int port, Action onUnreadable)
    {
        try
        {
            return new IngestListener(engine, new IngestOptions
            {
                Address = new IPEndPoint(IPAddress.Loopback, port), OnRejected = _ => onUnreadable(),
            });
        }
        catch (System.Net.Sockets.SocketException exception)
        {
            throw new CommandException(ExitCode.BadOutput, $"port {port}: {exception.Message}");
        }
    }

    private static async Task UntilStopped(EmbeddedEngine engine, CancellationToken cancellation)
    {
        try
        {
            // The signals end when the engine fails; otherwise they go on until somebody stops the node.
            await foreach (var logged in engine.SignalsAsync(engine.LastSignal, cancellation)) await Console.Out.WriteLineAsync(logged.Signal.ToString());
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Told to stop.
        }
    }
}
