namespace ActorTrading.Host;

/// <summary>What the program tells the shell. Documented in docs/command-line.md; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>All went well; refused records, if any, were counted.</summary>
    public const int Ok = 0;

    /// <summary>Input could not be read, or not to its end, or held no record that was accepted.</summary>
    public const int BadInput = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>The plan or rule was refused.</summary>
    public const int BadPlan = 3;

    /// <summary>Output could not be written.</summary>
    public const int BadOutput = 4;

    /// <summary>No node answers there, or it will not serve this caller.</summary>
    public const int NoNode = 5;

    /// <summary>
    /// A node could not go on, such as with a full disk. What it acknowledged is durable; once the cause is gone it can be started anew.
    /// </summary>
    public const int NodeFailed = 6;

    /// <summary>Interrupted with Ctrl-C. (Ended by SIGTERM: 143, as shells count it.)</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with a message for the user and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>Ends it with a message of several lines.</summary>
    public CommandException(int exitCode, IReadOnlyList<string> lines)
        : this(exitCode, string.Join(Environment.NewLine, lines)) => Lines = lines;

    public int ExitCode => exitCode;

    /// <summary>The message. What stands in one of them, such as input, makes no line of its own.</summary>
    public IReadOnlyList<string> Lines { get; } = [message];
}
