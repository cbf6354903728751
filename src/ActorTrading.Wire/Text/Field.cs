namespace ActorTrading.Wire.Text;

/// <summary>The meaning of a field, independent of its name in the dialect.</summary>
internal enum Field : byte
{
    None,
    Symbol,
    Isin,
    Time,
    Date,
    Clock,

    /// <summary>The zone of a time without a zone.</summary>
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

    /// <summary>The start of a candle, if another time field is the time of the message.</summary>
    Begin,

    /// <summary>Whether a candle is complete.</summary>
    Final,
    Open,
    High,
    Low,
    Close,

    /// <summary>The open, under the name used by generators whose bars have no frame.</summary>
    OpeningPrice,
    Score,
    Magnitude,
    MarketCap,
    PeRatio,
    Indicator,
    Value,
}
