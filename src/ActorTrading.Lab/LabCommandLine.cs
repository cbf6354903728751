using System.CommandLine;
using ActorTrading.Host;
using ActorTrading.Host.Terminal;
using ActorTrading.Lab.Benching;
using ActorTrading.Lab.Chaos;
using ActorTrading.Lab.Crashing;
using ActorTrading.Lab.Fuzzing;
using ActorTrading.Lab.Hostile;
using ActorTrading.Lab.Rates;

namespace ActorTrading.Lab;

/// <summary>The command line of the laboratory. It has the same exit codes as the product.</summary>
internal static class LabCommandLine
{
    /// <summary>The exit code when a check failed or a property was violated.</summary>
    public const int Broken = 1;

    /// <summary>Runs a command line and returns its exit code. An empty one prints the help.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        SafeOutput.Install();
        return CommandRunner.RunAsync(Root(), "actortrading-lab", args.Length == 0 ? ["--help"] : args);
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root() =>
        new RootCommand("What is done to ActorTrading to see what it bears. Everything stays on this machine.")
        {
            BenchCommand.Create(), CrashCommand.Create(), ChaosCommand.Create(), HostileCommand.Create(), HostileClientsCommand.Create(),
            FuzzCommand.Create(), KafkaRateCommand.Create(),
        }.WithHelp(BuildInfo.Version);
}
