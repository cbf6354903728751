namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>An item of an exchange message.</summary>
internal abstract record ExchangeItem;

/// <summary>
/// A record with a number that increases within its symbol: the number of a trade, or the start of a candle in milliseconds.
/// <paramref name="Json"/> is the input of Wire.
/// </summary>
internal sealed record NumberedItem(ExchangeChannel Channel, string Symbol, long Number, byte[] Json) : ExchangeItem
{
    /// <summary>Time in nanoseconds since 1970; 0 if the exchange does not need it to find later items.</summary>
    public long Nanoseconds { get; init; }
}

/// <summary>A record without a number; the connection numbers it.</summary>
internal sealed record CountedItem(ExchangeChannel Channel, string Symbol, byte[] Json) : ExchangeItem;

/// <summary>
/// A record without a number but with a name. After a break of the connection, the records of that time can be requested. The connection
/// numbers it.
/// </summary>
internal sealed record TimedItem(ExchangeChannel Channel, string Symbol, long Nanoseconds, string Name, byte[] Json) : ExchangeItem;

/// <summary>The newest trade of a symbol, as reported by the exchange beside the trades.</summary>
internal sealed record NewestItem(string Symbol, long Number) : ExchangeItem;

/// <summary>A book level with the texts of the exchange; a size of zero removes it.</summary>
internal readonly record struct Level(string Price, string Size);

/// <summary>Book levels: all of them (a snapshot), or the changed ones. <paramref name="Time"/> is a JSON value.</summary>
internal sealed record BookItem(string Symbol, bool IsSnapshot, string Time, IReadOnlyList<Level> Bids, IReadOnlyList<Level> Asks)
    : ExchangeItem
{
    /// <summary>The number of the first update in it; for a snapshot that of the last update included.</summary>
    public long First { get; init; }

    /// <summary>The number of the last update in it.</summary>
    public long Last { get; init; }

    /// <summary>The exchange's checksum of the book after this update; null if there is none.</summary>
    public uint? Checksum { get; init; }
}

/// <summary>A confirmation, a heartbeat, or a pong: the connection is alive.</summary>
internal sealed record NoticeItem : ExchangeItem
{
    public static readonly NoticeItem Instance = new();
}

/// <summary>The exchange is about to close the connection.</summary>
internal sealed record ClosingItem : ExchangeItem;

/// <summary>An error reported by the exchange.</summary>
internal sealed record FaultItem(ExchangeError Error, string Text) : ExchangeItem;

/// <summary>
/// Range of missing items of a symbol: from one number to another, both included, after an item of that time (0: unknown). For items
/// without numbers: from one time to another, in nanoseconds since 1970.
/// </summary>
internal readonly record struct FillRange(ExchangeChannel Channel, string Symbol, long From, long To, long After);

/// <summary>The requested items. They are complete up to <paramref name="CoveredTo"/>.</summary>
internal sealed record FillPage(IReadOnlyList<NumberedItem> Items, long CoveredTo)
{
    /// <summary>Items without numbers, in time order.</summary>
    public IReadOnlyList<TimedItem> Timed { get; init; } = [];

    /// <summary>There are more items than may be requested.</summary>
    public bool IsTooMuch { get; init; }
}

/// <summary>Number of decimals of prices and sizes of a symbol.</summary>
internal readonly record struct InstrumentDecimals(string Symbol, int Price, int Size);
