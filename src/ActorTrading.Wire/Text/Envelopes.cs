using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>Names of the members in which exchanges and services wrap their records.</summary>
internal static class Envelopes
{
    private static readonly System.Buffers.SearchValues<byte> WordCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);

    private static readonly byte[][] Senders =
        [.. new[] { "arg", "meta", "metadata", "meta_data", "meta data" }.Select(Encoding.ASCII.GetBytes)];

    private static readonly byte[][] Headers =
        [.. new[] { "columns", "column_names", "columnnames", "fields", "header", "headers" }.Select(Encoding.ASCII.GetBytes)];

    private static readonly byte[][] Notices =
    [
        .. new[]
        {
            "heartbeat", "subscribed", "unsubscribed", "subscriptionstatus", "subscriptions", "systemstatus", "info", "pong", "conf",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[][] Wrappers =
    [
        .. new[]
        {
            "data", "result", "results", "payload", "message", "msg", "body", "content", "params", "response", "bars", "trades", "quotes",
            "ticks", "tick", "trade", "quote", "bar", "k", "kline", "klines", "candle", "candles", "events", "items", "rows", "records",
            "values", "list", "history", "historical", "ohlc", "ohlcv", "series",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>Whether the member of that name contains the records of the message.</summary>
    public static bool IsWrapper(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 2 or > 10) return name.SequenceEqual("k"u8);
        return IsOneOf(name, Wrappers);
    }

    /// <summary>Whether the member of that name describes the data, for example their symbol.</summary>
    public static bool IsSender(ReadOnlySpan<byte> name) => name.Length is >= 3 and <= 9 && IsOneOf(name, Senders);

    /// <summary>Whether a message of that type is about the connection and contains no record.</summary>
    public static bool IsNotice(ReadOnlySpan<byte> type) => type.Length is >= 4 and <= 18 && IsOneOf(type, Notices);

    /// <summary>Whether a symbol looks like a word or a wrapper.</summary>
    public static bool IsAmbiguous(string symbol)
    {
        Span<byte> name = stackalloc byte[4 * 128];
        name = name[..Encoding.UTF8.GetBytes(symbol, name)];
        return IsWord(name) || IsWrapper(name);
    }

    /// <summary>Whether a name is more likely a word than a symbol: letters, at least one of them lower-case, and underscores.</summary>
    public static bool IsWord(ReadOnlySpan<byte> name) =>
        !name.ContainsAnyExcept(WordCharacters) && name.ContainsAnyInRange((byte)'a', (byte)'z');

    /// <summary>Whether the member of that name contains the column names of rows beside it.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> name) => name.Length is >= 6 and <= 12 && IsOneOf(name, Headers);

    private static bool IsOneOf(ReadOnlySpan<byte> name, byte[][] names)
    {
        foreach (var one in names)
        {
            if (Ascii.EqualsIgnoreCase(name, one)) return true;
        }

        return false;
    }
}
