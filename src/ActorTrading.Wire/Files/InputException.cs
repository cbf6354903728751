namespace ActorTrading.Wire.Files;

/// <summary>
/// A file cannot be read, or not to its end: it is missing, damaged, cut short or of an unknown format. The message is for the user: it
/// starts with the name of the input, followed by the problem. Records before the damage have been delivered.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>Creates an exception for an input and a problem, with a position such as <c>line 17</c> if known.</summary>
    public InputException(string input, string problem, string? position = null, Exception? cause = null)
        : base(
            (input == RecordFile.StandardInput ? "standard input" : input) + (position is null ? "" : $", {position}") + $": {problem}",
            cause)
    {
        Input = input;
        Position = position;
        Problem = problem;
    }

    /// <summary>The problem, without name and position.</summary>
    public string Problem { get; }

    /// <summary>Whether the input was empty.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Whether the input is not a table of records at all, such as a readme.</summary>
    public bool IsNoTable { get; init; }

    /// <summary>The name of the file as given; for an archive entry the names of the archive and of the entry.</summary>
    public string Input { get; }

    /// <summary>The position in the file; null if the problem concerns the whole file.</summary>
    public string? Position { get; }
}
