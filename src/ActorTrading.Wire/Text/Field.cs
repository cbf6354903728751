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
