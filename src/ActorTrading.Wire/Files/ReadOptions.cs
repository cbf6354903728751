using ActorTrading.Domain.Values;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>How to read files of records.</summary>
public sealed record ReadOptions
{
    /// <summary>What the text leaves open. Its source is used only where <see cref="Source"/> is set.</summary>
    public ParserOptions Parser { get; init; } = new();

    /// <summary>The source of records that name none; null for the name of their file.</summary>
    public Source? Source { get; init; }

    /// <summary>The longest line, in bytes.</summary>
    public int MaxLineLength { get; init; } = LineSplitter.DefaultMaxLength;

    /// <summary>The longest JSON object that an input may begin with, in bytes: an answer of a service that holds all records.</summary>
    public int LongestDocument { get; init; } = 1 << 28;

    /// <summary>The most records that are kept to turn an input around that runs newest first; four million take half a gigabyte.</summary>
    public int MaxReversed { get; init; } = 4_000_000;

    /// <summary>Told of each input what it was taken for, before the first record of it.</summary>
    public Action<InputTaken>? OnTaken { get; init; }

    /// <summary>Whether an input is only looked at, to see what it is taken for.</summary>
    internal bool IsLookOnly { get; init; }

    /// <summary>What there is to know of an input before it is looked at.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Kept up to date while records are handed on; null where nobody looks.</summary>
    public ReadPosition? Position { get; init; }

    /// <summary>Told after every chunk, on the reading thread.</summary>
    public IProgress<ReadProgress>? Progress { get; init; }
}
