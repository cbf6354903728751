using System.CommandLine;
using ActorTrading.Host;
using ActorTrading.Lab.Fuzzing;
using ActorTrading.Lab.Hostile;
using ActorTrading.Lab.Rates;

namespace ActorTrading.Lab;

/// <summary>The command line of the laboratory, and how its commands end: as those of the product do.</summary>
internal static class LabCommandLine
{
    /// <summary>The exit code where a promise was broken.</summary>
    public const int Broken = 1;

    /// <summary>Runs a command line and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("What is done to ActorTrading to see what it bears. Everything stays on this machine.")
        {
            HostileCommand.Create(), HostileClientsCommand.Create(), FuzzCommand.Create(), KafkaRateCommand.Create(),
        };
        var parsed = root.Parse(args);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (CommandException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }
}
