using System.CommandLine;
using System.Runtime.CompilerServices;

namespace ActorTrading.Host.Commands;

/// <summary>Usage examples of commands, shown at the end of their help.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string> ByCommand = [];

    /// <summary>Adds usage examples to a command, one per line.</summary>
    public static Command WithExamples(this Command command, string examples)
    {
        ByCommand.Add(command, examples);
        return command;
    }

    /// <summary>The usage examples of a command, or null.</summary>
    public static string? Of(Command command) => ByCommand.TryGetValue(command, out var examples) ? examples : null;
}
