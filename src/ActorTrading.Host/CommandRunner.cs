using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host;

/// <summary>Runs a command line: help with examples, error messages, exit codes. Shared by the product and its laboratory.</summary>
internal static class CommandRunner
{
    /// <summary>Adds the examples to the help of each command, and sets the output of <c>--version</c>.</summary>
    public static RootCommand WithHelp(this RootCommand root, string version)
    {
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion(version);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    /// <summary>Runs a command line and returns its exit code, see <see cref="ExitCode"/>.</summary>
    /// <param name="root">The commands, prepared by <see cref="WithHelp"/>.</param>
    /// <param name="program">The name of the executable, for error messages.</param>
    /// <param name="args">The arguments.</param>
    public static async Task<int> RunAsync(RootCommand root, string program, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not (HelpWithExamples or PrintVersion))
        {
            foreach (var error in parsed.Errors) Console.Error.Say(error.Message);
            await Console.Error.WriteLineAsync($"See: {program} {NameOf(parsed.CommandResult)}--help");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = NodeCommand.Is(parsed) ? null : CommandLine.DrainLimit,
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
            // The reader has closed the pipe (… | head), or the disk is full.
            Console.Error.Say(exception.Message);
            return ExitCode.BadOutput;
        }
    }

    /// <summary>The name of a command as it is typed, such as <c>plan check</c>, followed by a space; empty for the root.</summary>
    private static string NameOf(CommandResult called) =>
        called.Parent is CommandResult parent ? $"{NameOf(parent)}{called.Command.Name} " : "";

    /// <summary>Prints the help of a command, followed by its usage examples.</summary>
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

    /// <summary>Prints the version.</summary>
    private sealed class PrintVersion(string version) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(version);
            return ExitCode.Ok;
        }
    }
}
