using System.Globalization;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>The position up to which a stream was read before. <paramref name="Cursor"/>: the last settled entry; null if none.</summary>
/// <param name="Print">The fingerprint of that entry.</param>
/// <param name="Added">Number of entries that had been added to the stream by then.</param>
/// <param name="WentBack">An entry was added after one with a greater id.</param>
internal sealed record StreamProgress(long Epoch, StreamId? Cursor, string Print, long Added, bool WentBack)
{
    private const string Back = "its ids decreased";

    /// <summary>The state stored in Redis, or, if there is none, the state stored by this node.</summary>
    public static StreamProgress Of(IReadOnlyDictionary<string, string> state, KeptCursor? kept)
    {
        if (kept is not null) return new StreamProgress(kept.Epoch, CursorOf(kept.Cursor), kept.Print, 0, false);
        return new StreamProgress(
            Number("epoch"), CursorOf(state.GetValueOrDefault("cursor", "")), state.GetValueOrDefault("print", ""), Number("added"),
            state.ContainsKey("back"));

        long Number(string field) => long.Parse(state.GetValueOrDefault(field, "0"), CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The reason if the stream was created again, with ids that are not greater than those already read. Null if it is the same stream, or
    /// if all of its ids are greater, so that it makes no difference.
    /// </summary>
    public async Task<string?> WhyAnewAsync(IDatabase redis, string key, StreamInfo? info, GroupInfo? group)
    {
        if (Cursor is not { } cursor) return WentBack ? Back : null;
        if (info is null) return "it was deleted";
        if (info.LastGenerated < cursor) return $"its last id is {info.LastGenerated}, but {cursor} was already read";
        if (info.Length == 0 || info.First > cursor) return WentBack ? Back : null;
        var text = cursor.ToString();
        var there = (RedisResult[]?)await redis.ExecuteAsync("XRANGE", (RedisKey)key, text, text).ConfigureAwait(false);
        if (there is [var entry])
        {
            // The same stream although ids went back: its group was reset.
            return EntryText.Print((RedisResult[])((RedisResult[])entry!)[1]!) == Print ? null : $"its entry {cursor} has other contents";
        }

        if (WentBack) return Back;
        if (info.Added < Added) return $"it has had {info.Added} entries in all, but {Added} earlier";
        return group is null ? $"its group and the entry {cursor} no longer exist" : null;
    }

    private static StreamId? CursorOf(string text) => text.Length == 0 ? null : StreamId.Parse(text);
}
