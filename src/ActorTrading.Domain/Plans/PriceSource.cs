namespace ActorTrading.Domain.Plans;

/// <summary>Which price of the market a symbol's bars and indicators are made of. The numbers are part of the binary formats.</summary>
public enum PriceSource : byte
{
    /// <summary>What was paid: ticks and prints.</summary>
    Trade = 0,

    /// <summary>The bid of quotes.</summary>
    Bid = 1,

    /// <summary>The ask of quotes.</summary>
    Ask = 2,

    /// <summary>Half-way between bid and ask of quotes.</summary>
    Mid = 3,
}

/// <summary>Spelling of price sources.</summary>
public static class PriceSources
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<PriceSource> All = [PriceSource.Trade, PriceSource.Bid, PriceSource.Ask, PriceSource.Mid];

    /// <summary>As plans spell it: <c>trade</c>, <c>bid</c>, <c>ask</c>, <c>mid</c>.</summary>
    public static string Name(this PriceSource source) => source switch
    {
        PriceSource.Trade => "trade",
        PriceSource.Bid => "bid",
        PriceSource.Ask => "ask",
        PriceSource.Mid => "mid",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };
}
