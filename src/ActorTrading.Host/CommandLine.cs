using System.CommandLine;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Terminal;
using Akka.Hosting;

namespace ActorTrading.Host;

/// <summary>The command line of the product.</summary>
internal static class CommandLine
{
    /// <summary>
    /// Maximum time between SIGTERM or Ctrl-C and the end of the process. Supervisors of nodes should wait longer (see docs/deploying.md).
    /// </summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(1);

    private const string Welcome =
        """
        ActorTrading: ticks in; bars, indicators and trading signals out.

        Run a demo              actortrading demo
        Test rules on history   actortrading backtest trades.csv.gz --plan plan.json
        Generate a market       actortrading generate --symbols 200 --ticks 1000000 --out market.ndjson
        Run a node              actortrading node
        Follow its signals      actortrading tail signals
        Show the plan           actortrading plan show
        Explain a rule          actortrading rules explain "buy when rsi(14) crosses below 30 on 5min"
        All commands            actortrading --help

        """;

    /// <summary>Runs a command line and returns its exit code, see <see cref="ExitCode"/>.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="configure">
    /// Adds to the actor system of a node with the cluster engine, as an operator's console does. The services contain the
    /// <see cref="Cluster.ClusterEngine"/>.
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

        return await CommandRunner.RunAsync(root, "actortrading", args);
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root(Action<AkkaConfigurationBuilder, IServiceProvider>? configure = null) =>
        new RootCommand("ActorTrading: ticks in; bars, indicators and trading signals out.")
        {
            DemoCommand.Create(), BacktestCommand.Create(), InspectCommand.Create(), GenerateCommand.Create(),
            NodeCommand.Create(configure), ClusterCommand.Create(), FeedCommand.Create(), ConnectCommand.Create(), TailCommand.Create(),
            QueryCommands.Symbols(), StateCommand.Create(), ExplainCommand.Create(), QueryCommands.Ledger(), QueryCommands.Audit(),
            QueryCommands.Partitions(), ShardsCommand.Create(), QueryCommands.Subscriptions(), ExcludeCommand.Create(),
            ExportCommand.Create(), VerifyCommand.Create(), PlanCommand.Create(), RulesCommand.Create(), HealthCommand.Create(),
        }.WithHelp(BuildInfo.Line);
}
