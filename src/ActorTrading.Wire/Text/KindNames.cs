using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Text;

/// <summary>Names of record kinds, services, sides and frames in the dialects. Case-insensitive.</summary>
public static class KindNames
{
    /// <summary>Parses the name of a kind.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out RecordKind kind)
    {
        kind = text switch
        {
            _ when Is(text, "tick"u8) || Is(text, "trade"u8) => RecordKind.Tick,
            _ when Is(text, "quote"u8) => RecordKind.Quote,
            _ when Is(text, "book"u8) || Is(text, "order_book"u8) => RecordKind.BookUpdate,
            _ when Is(text, "bar"u8) || Is(text, "ohlcv"u8) => RecordKind.Bar,
            _ when Is(text, "print"u8) || Is(text, "time_and_sales"u8) => RecordKind.Print,
            _ when Is(text, "news"u8) || Is(text, "news_sentiment"u8) => RecordKind.NewsSentiment,
            _ when Is(text, "market"u8) || Is(text, "market_data"u8) => RecordKind.MarketData,
            _ when Is(text, "economic"u8) || Is(text, "economic_indicator"u8) => RecordKind.EconomicIndicator,
            _ => 0,
        };
        return kind != 0;
    }

    /// <summary>The canonical name of a kind.</summary>
    public static string Name(RecordKind kind) => kind switch
    {
        RecordKind.Tick => "tick",
        RecordKind.Quote => "quote",
        RecordKind.BookUpdate => "book",
        RecordKind.Bar => "bar",
        RecordKind.Print => "print",
        RecordKind.NewsSentiment => "news",
        RecordKind.MarketData => "market",
        _ => "economic",
    };

    /// <summary>Parses the service of an envelope: TIMESALE, QUOTE, LEVELONE_..., CHART_....</summary>
    public static bool TryParseService(ReadOnlySpan<byte> text, out RecordKind kind)
    {
        kind = text switch
        {
            _ when Begins(text, "timesale"u8) => RecordKind.Print,
            _ when Is(text, "quote"u8) || Begins(text, "levelone"u8) => RecordKind.Quote,
            _ when Begins(text, "chart"u8) => RecordKind.Bar,
            _ => 0,
        };
        return kind != 0;
    }

    /// <summary>Parses a side of the book.</summary>
    public static bool TryParseSide(ReadOnlySpan<byte> text, out BookSide side)
    {
        side = text switch
        {
            _ when Is(text, "bid"u8) || Is(text, "buy"u8) => BookSide.Bid,
            _ when Is(text, "ask"u8) || Is(text, "sell"u8) => BookSide.Ask,
            _ => 0,
        };
        return side != 0;
    }

    /// <summary>Whether a side is the taker's side of a trade: <c>buy</c> or <c>sell</c>.</summary>
    public static bool IsTaker(ReadOnlySpan<byte> side) => Is(side, "buy"u8) || Is(side, "sell"u8) || Is(side, "b"u8) || Is(side, "s"u8);

    /// <summary>Whether an exchange message is about a resting order, not a trade.</summary>
    public static bool IsOrderMessage(ReadOnlySpan<byte> type) =>
        Is(type, "received"u8) || Is(type, "open"u8) || Is(type, "done"u8) || Is(type, "change"u8) || Is(type, "activate"u8);

    /// <summary>
    /// Parses a frame in the form of plans, in a shorter form (5m, 4h, 1d, 1w, 1mo, Binance's 1M), or with the unit first (M5, H4, MN1, D,
    /// W).
    /// </summary>
    public static bool TryParseFrame(ReadOnlySpan<byte> text, out Frame frame)
    {
        Span<char> lower = stackalloc char[8];
        frame = default;
        if (text.Length > lower.Length || Ascii.ToLower(text, lower, out var length) != System.Buffers.OperationStatus.Done) return false;
        lower = lower[..length];
        if (Frames.TryParse(lower, out frame)) return true;
        if (text.SequenceEqual("1M"u8) || text.SequenceEqual("M"u8)) return Frames.TryParse("1month", out frame);
        var digits = lower.IndexOfAnyExceptInRange('0', '9');
        if (digits == 0)
        {
            // M5 is 5m, D is 1d.
            var letters = lower.IndexOfAnyInRange('0', '9');
            if (letters < 0 && lower is not ("d" or "w")) return false;
            Span<char> turned = stackalloc char[9];
            ReadOnlySpan<char> count = letters < 0 ? "1" : lower[letters..];
            if (letters < 0) letters = lower.Length;
            count.CopyTo(turned);
            lower[..letters].CopyTo(turned[count.Length..]);
            lower = turned[..(count.Length + letters)];
            digits = count.Length;
            if (lower[..digits].ContainsAnyExceptInRange('0', '9')) return false;
        }

        if (digits < 1) return false;
        var unit = lower[digits..] switch
        {
            "s" or "sec" => "s",
            "m" => "min",
            "h" => "hour",
            "d" => "day",
            "w" or "wk" => "week",
            "mo" or "mon" or "mn" => "month",
            _ => "",
        };
        Span<char> spelled = stackalloc char[16];
        lower[..digits].CopyTo(spelled);
        unit.CopyTo(spelled[digits..]);
        return unit.Length > 0 && Frames.TryParse(spelled[..(digits + unit.Length)], out frame);
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(text, name);

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        text.Length >= name.Length && Ascii.EqualsIgnoreCase(text[..name.Length], name);
}
