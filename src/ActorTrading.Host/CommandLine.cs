using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Terminal;
using Akka.Hosting;

namespace ActorTrading.Host;

/// <summary>The command line: its commands, and how they end.</summary>
internal static class CommandLine
{
    /// <summary>How long a command may take to end after SIGTERM or Ctrl-C, before the process ends anyway. Whoever starts nodes gives them more (see docs/deploying.md).</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(1);

    private const string Welcome =
        """
        ActorTrading: ticks in; bars, indicators and trading signals out.

        See it work             actortrading demo
        Test rules on history   actortrading backtest trades.csv.gz --plan plan.json
        Make up a market        actortrading generate --symbols 200 --ticks 1000000 --out market.ndjson
        Leave it running        actortrading node
        Watch it                actortrading tail signals
        What is computed        actortrading plan show
        What a rule means       actortrading rules explain "buy when rsi(14) crosses below 30 on 5min"
        Everything else         actortrading --help

        """;

    /// <summary>Runs a command line and returns its exit code, see <see cref="ExitCode"/>.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">
    /// Adds to the actor system of a node with the cluster engine, as an operator's console does; the services hold the <see cref="Cluster.ClusterEngine"/>.
    /// </param>
    public static async Task<int> RunAsync(string[] args, Action<AkkaConfigurationBuilder, IServiceProvider>? configure = null)
    {
        SafeOutput.Install();
        var root = Root(configure);
        if (args.Length == 0)
        {
            Console.Out.Write(Welcome);
            return ExitCode.Ok;
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not (HelpWithExamples or PrintVersion))
        {
            foreach (var error in parsed.Errors) Console.Error.Say(error.Message);
            await Console.Error.WriteLineAsync($"See: actortrading {NameOf(parsed.CommandResult)}--help");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = NodeCommand.Is(parsed) ? null : DrainLimit,
            });
        }
        catch (CommandException exception)
        {
            foreach (var line in exception.Lines) Console.Error.Say(line);
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException exception)
        {
            // A reader that has seen enough (… | head) closes the pipe; a full disk ends here too.
            Console.Error.Say(exception.Message);
            return ExitCode.BadOutput;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root(Action<AkkaConfigurationBuilder, IServiceProvider>? configure = null)
    {
        var root = new RootCommand("ActorTrading: ticks in; bars, indicators and trading signals out.")
        {
            DemoCommand.Create(), BacktestCommand.Create(), InspectCommand.Create(), GenerateCommand.Create(), NodeCommand.Create(configure), ClusterCommand.Create(), FeedCommand.Create(), ConnectCommand.Create(), BenchCommand.Create(),
            TailCommand.Create(), AskCommands.Symbols(), StateCommand.Create(), ExplainCommand.Create(), AskCommands.Ledger(), AskCommands.Audit(), AskCommands.Partitions(), ShardsCommand.Create(), AskCommands.Subscriptions(), ExcludeCommand.Create(),
            ExportCommand.Create(), VerifyCommand.Create(), CrashCommand.Create(), PlanCommand.Create(), RulesCommand.Create(), HealthCommand.Create(),
        };
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    /// <summary>A command as it is typed, such as <c>plan check</c>, with a blank behind it; empty for the root.</summary>
    private static string NameOf(CommandResult called) =>
        called.Parent is CommandResult parent ? $"{NameOf(parent)}{called.Command.Name} " : "";

    /// <summary>Prints the help of a command, and then examples of its use where there are some.</summary>
    private sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = help.Invoke(parseResult);
            if (Examples.Of(parseResult.CommandResult.Command) is not { } examples) return exitCode;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in examples.Split('\n')) output.WriteLine($"  {line.TrimEnd()}");
            output.WriteLine();
            return exitCode;
        }
    }

    /// <summary>Prints the version and the engines that are built in.</summary>
    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(BuildInfo.Line);
            return ExitCode.Ok;
        }
    }
}
