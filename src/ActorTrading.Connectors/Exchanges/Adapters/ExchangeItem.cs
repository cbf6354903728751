namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>Something that a message of an exchange says.</summary>
internal abstract record ExchangeItem;

/// <summary>
/// A record with a number of its own that grows within its symbol: the number of a trade, or the start of a candle in
/// milliseconds. <paramref name="Json"/> is what Wire reads.
/// </summary>
internal sealed record NumberedItem(ExchangeChannel Channel, string Symbol, long Number, byte[] Json) : ExchangeItem
{
    /// <summary>When it was, in nanoseconds since 1970; 0 where the exchange does not need it to find what comes after.</summary>
    public long Nanoseconds { get; init; }
}

/// <summary>A record without such a number; the connection counts it.</summary>
internal sealed record CountedItem(ExchangeChannel Channel, string Symbol, byte[] Json) : ExchangeItem;

/// <summary>
/// A record without such a number, and with a name: after a break of the connection, those of that time can be asked for. The connection
/// counts it.
/// </summary>
internal sealed record TimedItem(ExchangeChannel Channel, string Symbol, long Nanoseconds, string Name, byte[] Json) : ExchangeItem;

/// <summary>The newest trade of a symbol, as the exchange tells it beside the trades.</summary>
internal sealed record NewestItem(string Symbol, long Number) : ExchangeItem;

/// <summary>A level of a book, as the exchange wrote it; a size of zero takes it away.</summary>
internal readonly record struct Level(string Price, string Size);

/// <summary>Levels of a book: all of them (a snapshot), or those that changed. <paramref name="Time"/> is a JSON value.</summary>
internal sealed record BookItem(string Symbol, bool IsSnapshot, string Time, IReadOnlyList<Level> Bids, IReadOnlyList<Level> Asks)
    : ExchangeItem
{
    /// <summary>The number of the first update in it; of a snapshot that of the last one it has.</summary>
    public long First { get; init; }

    /// <summary>The number of the last update in it.</summary>
    public long Last { get; init; }

    /// <summary>What the exchange's sum over the book must be after it; null where it gives none.</summary>
    public uint? Checksum { get; init; }
}

/// <summary>A confirmation, a heartbeat, an answer to a ping: the connection lives.</summary>
internal sealed record NoticeItem : ExchangeItem
{
    public static readonly NoticeItem Instance = new();
}

/// <summary>The exchange is about to close the connection.</summary>
internal sealed record ClosingItem : ExchangeItem;

/// <summary>Something is wrong.</summary>
internal sealed record FaultItem(ExchangeError Error, string Text) : ExchangeItem;

/// <summary>
/// Missing items of a symbol: from one number to another, both included, behind an item that was at that moment (0: unknown). Of items
/// without numbers: from one moment to another, in nanoseconds since 1970.
/// </summary>
internal readonly record struct FillRange(ExchangeChannel Channel, string Symbol, long From, long To, long After);

/// <summary>Items that were missing. What there is up to <paramref name="CoveredTo"/> is among them.</summary>
internal sealed record FillPage(IReadOnlyList<NumberedItem> Items, long CoveredTo)
{
    /// <summary>Items without numbers, in the order of their times.</summary>
    public IReadOnlyList<TimedItem> Timed { get; init; } = [];

    /// <summary>There are more of them than may be asked for.</summary>
    public bool IsTooMuch { get; init; }
}

/// <summary>How many decimals prices and sizes of a symbol have.</summary>
internal readonly record struct InstrumentDecimals(string Symbol, int Price, int Size);
