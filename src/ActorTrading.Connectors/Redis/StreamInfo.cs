using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>Information about a stream (XINFO STREAM).</summary>
/// <param name="Added">Number of entries ever added.</param>
/// <param name="First">The first existing entry.</param>
internal sealed record StreamInfo(long Length, long Added, StreamId First, StreamId LastGenerated)
{
    /// <summary>Reads the information; null if the stream does not exist.</summary>
    public static async Task<StreamInfo?> ReadAsync(IDatabase redis, string key)
    {
        try
        {
            var all = Pairs(await redis.ExecuteAsync("XINFO", "STREAM", (RedisKey)key).ConfigureAwait(false));
            if (!all.TryGetValue("entries-added", out var added) || !all.TryGetValue("recorded-first-entry-id", out var first))
                throw new RedisReadException("the server does not count the entries of a stream: Redis 7.0 or later is needed");
            return new StreamInfo(
                (long)all["length"], (long)added, StreamId.Parse((string)first!), StreamId.Parse((string)all["last-generated-id"]!));
        }
        catch (RedisServerException exception) when (exception.Message.Contains("no such key", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>The fields of a map in the format of RESP2.</summary>
    internal static Dictionary<string, RedisResult> Pairs(RedisResult flat)
    {
        var items = (RedisResult[]?)flat ?? [];
        var pairs = new Dictionary<string, RedisResult>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < items.Length; i += 2) pairs[(string?)items[i] ?? ""] = items[i + 1];
        return pairs;
    }
}

/// <summary>Information about a consumer group of a stream.</summary>
/// <param name="Lag">Number of undelivered entries; null if the server does not know it.</param>
internal sealed record GroupInfo(StreamId LastDelivered, long Pending, long? Lag)
{
    /// <summary>Reads the information; null if the group does not exist.</summary>
    public static async Task<GroupInfo?> ReadAsync(IDatabase redis, string key, string group)
    {
        var groups = (RedisResult[]?)await redis.ExecuteAsync("XINFO", "GROUPS", (RedisKey)key).ConfigureAwait(false) ?? [];
        foreach (var one in groups.Select(StreamInfo.Pairs))
        {
            if ((string?)one["name"] != group) continue;
            return new GroupInfo(
                StreamId.Parse((string)one["last-delivered-id"]!), (long)one["pending"],
                one.TryGetValue("lag", out var lag) && !lag.IsNull ? (long)lag : null);
        }

        return null;
    }
}

/// <summary>A key cannot be read; the message has the reason.</summary>
internal sealed class RedisReadException(string message) : Exception(message);
