using System.Globalization;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>How far a stream was read before. <paramref name="Cursor"/>: the last entry that is settled; null where none is.</summary>
/// <param name="Print">The fingerprint of that entry.</param>
/// <param name="Added">Entries that the stream had had by then.</param>
/// <param name="WentBack">An entry came behind one with a greater id.</param>
internal sealed record StreamPast(long Epoch, StreamId? Cursor, string Print, long Added, bool WentBack)
{
    private const string Back = "its ids went back";

    /// <summary>What Redis kept, or, where it kept nothing, what this node did.</summary>
    public static StreamPast Of(IReadOnlyDictionary<string, string> state, KeptCursor? kept)
    {
        if (kept is not null) return new StreamPast(kept.Epoch, CursorOf(kept.Cursor), kept.Print, 0, false);
        return new StreamPast(
            Number("epoch"), CursorOf(state.GetValueOrDefault("cursor", "")), state.GetValueOrDefault("print", ""), Number("added"),
            state.ContainsKey("back"));

        long Number(string field) => long.Parse(state.GetValueOrDefault(field, "0"), CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Why the stream is another one than that, with entries whose ids are not behind those that were read; null where it is the same,
    /// or where all of its ids are behind them, so that nothing depends on it.
    /// </summary>
    public async Task<string?> WhyAnewAsync(IDatabase redis, string key, StreamInfo? info, GroupInfo? group)
    {
        if (Cursor is not { } cursor) return WentBack ? Back : null;
        if (info is null) return "it was deleted";
        if (info.LastGenerated < cursor) return $"its last id is {info.LastGenerated}, and {cursor} was read before";
        if (info.Length == 0 || info.First > cursor) return WentBack ? Back : null;
        var text = cursor.ToString();
        var there = (RedisResult[]?)await redis.ExecuteAsync("XRANGE", (RedisKey)key, text, text).ConfigureAwait(false);
        if (there is [var entry])
        {
            // The same one, though ids went back: its group was set back.
            return EntryText.Print((RedisResult[])((RedisResult[])entry!)[1]!) == Print ? null : $"its entry {cursor} is another one";
        }

        if (WentBack) return Back;
        if (info.Added < Added) return $"it has had {info.Added} entries, and {Added} before";
        return group is null ? $"it has neither its group nor the entry {cursor} any more" : null;
    }

    private static StreamId? CursorOf(string text) => text.Length == 0 ? null : StreamId.Parse(text);
}
