namespace ActorTrading.Domain.Plans;

/// <summary>The price from which a symbol's bars and indicators are built. The numbers are part of the binary formats.</summary>
public enum PriceSource : byte
{
    /// <summary>Trade prices: ticks and prints.</summary>
    Trade = 0,

    /// <summary>The bid of quotes.</summary>
    Bid = 1,

    /// <summary>The ask of quotes.</summary>
    Ask = 2,

    /// <summary>The midpoint of bid and ask of quotes.</summary>
    Mid = 3,
}

/// <summary>Names of price sources.</summary>
public static class PriceSources
{
    /// <summary>All price sources.</summary>
    public static readonly IReadOnlyList<PriceSource> All = [PriceSource.Trade, PriceSource.Bid, PriceSource.Ask, PriceSource.Mid];

    /// <summary>The name in plans: <c>trade</c>, <c>bid</c>, <c>ask</c>, <c>mid</c>.</summary>
    public static string Name(this PriceSource source) => source switch
    {
        PriceSource.Trade => "trade",
        PriceSource.Bid => "bid",
        PriceSource.Ask => "ask",
        PriceSource.Mid => "mid",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };
}
