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

    /// <summary>Told after every chunk, on the reading thread.</summary>
    public IProgress<ReadProgress>? Progress { get; init; }
}
