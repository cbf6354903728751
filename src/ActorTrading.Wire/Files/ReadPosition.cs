namespace ActorTrading.Wire.Files;

/// <summary>The current position of a reader, for messages. Updated by the reader on its thread. Not thread-safe.</summary>
public sealed class ReadPosition
{
    /// <summary>The name of the file or archive entry.</summary>
    public string Input { get; internal set; } = "";

    /// <summary>The line, from 1; 0 if the format has no lines.</summary>
    public long Line { get; internal set; }

    /// <summary>Notes that a reader of a format without lines starts an input.</summary>
    public void At(string input) => (Input, Line) = (input, 0);
}
