namespace ActorTrading.Wire.Files;

/// <summary>Where a reader is: kept up to date by it, on its thread, for those who have to say where a record stood.</summary>
public sealed class ReadPosition
{
    /// <summary>The file, or part of an archive.</summary>
    public string Input { get; internal set; } = "";

    /// <summary>The line, from 1; 0 where there is none.</summary>
    public long Line { get; internal set; }

    /// <summary>A reader of a form without lines begins with an input.</summary>
    public void At(string input) => (Input, Line) = (input, 0);
}
