namespace ActorTrading.Domain.Records;

/// <summary>What a record tells about its symbol. The numbers are part of the binary formats: never reuse one.</summary>
public enum RecordKind : byte
{
    /// <summary>A trade: price and size.</summary>
    Tick = 1,

    /// <summary>Best bid and ask (level 1).</summary>
    Quote = 2,

    /// <summary>One price level of the order book set anew (level 2).</summary>
    BookUpdate = 3,

    /// <summary>A bar made elsewhere: open, high, low, close, volume.</summary>
    Bar = 4,

    /// <summary>A time-and-sales print: a trade with its sale condition.</summary>
    Print = 5,

    /// <summary>The sentiment of a piece of news.</summary>
    NewsSentiment = 6,

    /// <summary>Market capitalisation and price/earnings ratio.</summary>
    MarketData = 7,

    /// <summary>A figure of the economy at large; it has no symbol.</summary>
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
