using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>What to follow, and how.</summary>
/// <param name="Path">The file.</param>
/// <param name="CursorPath">Where the cursor is kept.</param>
/// <param name="Source">The source of records that name none.</param>
/// <param name="Read">How its text is read.</param>
internal sealed record FollowOptions(string Path, string CursorPath, Source Source, ReadOptions Read)
{
    /// <summary>How long a file that was read to its end is left alone before the next look.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Hears what the user should know: that a file was replaced, or is not there. Must not throw.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    /// <summary>Where the cursor of a file is kept where nothing is said.</summary>
    public static string CursorPathOf(string path) => path + ".fed";
}
