using ActorTrading.Domain.Values;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>Options for reading files of records.</summary>
public sealed record ReadOptions
{
    /// <summary>Defaults for information that the text does not contain. Its source is used only if <see cref="Source"/> is set.</summary>
    public ParserOptions Parser { get; init; } = new();

    /// <summary>The default source of records; null for the name of their file.</summary>
    public Source? Source { get; init; }

    /// <summary>Maximum length of a line, in bytes.</summary>
    public int MaxLineLength { get; init; } = LineSplitter.DefaultMaxLength;

    /// <summary>
    /// Maximum size, in bytes, of a JSON object at the beginning of an input: the response of a service that contains all records.
    /// </summary>
    public int LongestDocument { get; init; } = 1 << 28;

    /// <summary>
    /// Maximum number of records kept to reverse an input with the newest record first. Four million records need half a gigabyte.
    /// </summary>
    public int MaxReversed { get; init; } = 4_000_000;

    /// <summary>Called for each input with the findings about it, before its first record.</summary>
    public Action<InputTaken>? OnTaken { get; init; }

    /// <summary>Whether an input is only examined, not read.</summary>
    internal bool IsLookOnly { get; init; }

    /// <summary>Notes about an input before it is examined.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The position, updated while records are delivered; null if not needed.</summary>
    public ReadPosition? Position { get; init; }

    /// <summary>Called after every chunk, on the reading thread.</summary>
    public IProgress<ReadProgress>? Progress { get; init; }
}
