using System.CommandLine;
using System.Runtime.CompilerServices;

namespace ActorTrading.Host.Commands;

/// <summary>Examples of commands, which their help shows at its end.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string> ByCommand = [];

    /// <summary>Gives a command its examples, one a line.</summary>
    public static Command WithExamples(this Command command, string examples)
    {
        ByCommand.Add(command, examples);
        return command;
    }

    /// <summary>The examples of a command, or null.</summary>
    public static string? Of(Command command) => ByCommand.TryGetValue(command, out var examples) ? examples : null;
}
