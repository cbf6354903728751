namespace ActorTrading.Domain.Records;

/// <summary>Kinds of records. The numbers are part of the binary formats: never reuse one.</summary>
public enum RecordKind : byte
{
    /// <summary>A trade: price and size.</summary>
    Tick = 1,

    /// <summary>Best bid and ask (level 1).</summary>
    Quote = 2,

    /// <summary>One new price level of the order book (level 2).</summary>
    BookUpdate = 3,

    /// <summary>An external bar: open, high, low, close, volume.</summary>
    Bar = 4,

    /// <summary>A time-and-sales print: a trade with its sale condition.</summary>
    Print = 5,

    /// <summary>The sentiment of a news item.</summary>
    NewsSentiment = 6,

    /// <summary>Market capitalisation and price/earnings ratio.</summary>
    MarketData = 7,

    /// <summary>An economic figure; it has no symbol.</summary>
    EconomicIndicator = 8,
}

/// <summary>A side of the order book.</summary>
public enum BookSide : byte
{
    /// <summary>Buyers.</summary>
    Bid = 1,

    /// <summary>Sellers.</summary>
    Ask = 2,
}
