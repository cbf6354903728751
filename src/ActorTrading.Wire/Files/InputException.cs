namespace ActorTrading.Wire.Files;

/// <summary>
/// A file cannot be read, or not further: it is not there, damaged, cut short or of no known format. The message
/// is for the user: it begins with the name of the input and says what is wrong. What came before the damage has
/// been delivered.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>What is wrong with an input, at a place in it such as <c>line 17</c> where there is one.</summary>
    public InputException(string input, string problem, string? position = null, Exception? cause = null)
        : base(
            (input == RecordFile.StandardInput ? "standard input" : input) + (position is null ? "" : $", {position}") + $": {problem}",
            cause)
    {
        Input = input;
        Position = position;
        Problem = problem;
    }

    /// <summary>What is wrong, without name and place.</summary>
    public string Problem { get; }

    /// <summary>Whether there was nothing in it to read.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Whether it is no table of records at all, such as a readme beside one.</summary>
    public bool IsNoTable { get; init; }

    /// <summary>The name of the file, as it was given; for a part of an archive, that of the archive and of the part.</summary>
    public string Input { get; }

    /// <summary>Where in the file; null where the whole of it is meant.</summary>
    public string? Position { get; }
}
