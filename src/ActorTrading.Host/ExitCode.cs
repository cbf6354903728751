namespace ActorTrading.Host;

/// <summary>Exit codes of the program. See docs/command-line.md; scripts depend on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>Success; rejected records, if any, were counted.</summary>
    public const int Ok = 0;

    /// <summary>The input could not be read completely, or contained no accepted record.</summary>
    public const int BadInput = 1;

    /// <summary>Invalid command line.</summary>
    public const int Usage = 2;

    /// <summary>The plan or rule is invalid.</summary>
    public const int BadPlan = 3;

    /// <summary>The output could not be written.</summary>
    public const int BadOutput = 4;

    /// <summary>No node answers at the address, or it rejects this caller.</summary>
    public const int NoNode = 5;

    /// <summary>
    /// A node had to stop, for example because of a full disk. Acknowledged records are durable; the node can be restarted when the cause
    /// is fixed.
    /// </summary>
    public const int NodeFailed = 6;

    /// <summary>Interrupted with Ctrl-C. (Terminated by SIGTERM: 143, by the convention of shells.)</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with a message for the user and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>Ends a command with a message of several lines.</summary>
    public CommandException(int exitCode, IReadOnlyList<string> lines)
        : this(exitCode, string.Join(Environment.NewLine, lines)) => Lines = lines;

    public int ExitCode => exitCode;

    /// <summary>The lines of the message. Line breaks in inserted values, such as input, do not create new lines.</summary>
    public IReadOnlyList<string> Lines { get; } = [message];
}
