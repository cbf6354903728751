namespace ActorTrading.Wire.Text;

/// <summary>What a field of a text tells, whatever its dialect calls it.</summary>
internal enum Field : byte
{
    None,
    Symbol,
    Isin,
    Time,
    Date,
    Clock,

    /// <summary>The zone of a time that names none.</summary>
    Zone,
    Seq,
    Source,
    Epoch,
    Kind,
    Type,
    Service,
    Frame,
    Price,
    Last,
    Size,
    Amount,
    Volume,
    Condition,
    Bid,
    BidSize,
    Ask,
    AskSize,
    Side,
    Trade,

    /// <summary>The start of a candle, where another time beside it says when it was sent.</summary>
    Begin,

    /// <summary>Whether a candle is complete.</summary>
    Final,
    Open,
    High,
    Low,
    Close,

    /// <summary>The open, by the name that generators give it whose bars are of no frame.</summary>
    OpeningPrice,
    Score,
    Magnitude,
    MarketCap,
    PeRatio,
    Indicator,
    Value,
}
