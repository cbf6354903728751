using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>Options of following a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="CursorPath">The path of the cursor.</param>
/// <param name="Source">The source of records without a source.</param>
/// <param name="Read">How to interpret its text.</param>
internal sealed record FollowOptions(string Path, string CursorPath, Source Source, ReadOptions Read)
{
    /// <summary>Poll interval at the end of the file.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Receives messages for the user: the file was replaced, or does not exist. Must not throw.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    /// <summary>The default path of the cursor of a file.</summary>
    public static string CursorPathOf(string path) => path + ".fed";
}
