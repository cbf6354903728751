using ActorTrading.Domain.Records;

namespace ActorTrading.Simulation;

/// <summary>
/// Weights of the record kinds, from 0 up; their sum is 1 to <see cref="MaxWeight"/>. Example: with <c>new() { Tick = 9, Quote = 1
/// }</c> one record in ten is a quote, the others are ticks.
/// </summary>
public sealed record KindMix
{
    /// <summary>The largest sum of weights.</summary>
    public const int MaxWeight = 10_000;

    /// <summary>Only ticks.</summary>
    public static readonly KindMix OnlyTicks = new() { Tick = 1 };

    /// <summary>All kinds; most records are ticks and quotes.</summary>
    public static readonly KindMix Everything = new()
    {
        Tick = 60, Quote = 20, BookUpdate = 10, Bar = 3, Print = 4, NewsSentiment = 1, MarketData = 1, EconomicIndicator = 1,
    };

    /// <summary>Weight of trades.</summary>
    public int Tick { get; init; }

    /// <summary>Weight of level 1 quotes.</summary>
    public int Quote { get; init; }

    /// <summary>Weight of level 2 updates.</summary>
    public int BookUpdate { get; init; }

    /// <summary>Weight of bars that another system built.</summary>
    public int Bar { get; init; }

    /// <summary>Weight of time-and-sales prints.</summary>
    public int Print { get; init; }

    /// <summary>Weight of news.</summary>
    public int NewsSentiment { get; init; }

    /// <summary>Weight of capitalisation and P/E.</summary>
    public int MarketData { get; init; }

    /// <summary>Weight of economic indicators.</summary>
    public int EconomicIndicator { get; init; }

    /// <summary>Each kind as often as its weight, so that a uniform draw has the requested proportions.</summary>
    /// <exception cref="ArgumentException">A weight is negative, or their sum is out of range.</exception>
    internal RecordKind[] Draws()
    {
        (RecordKind Kind, int Weight)[] weights =
        [
            (RecordKind.Tick, Tick), (RecordKind.Quote, Quote), (RecordKind.BookUpdate, BookUpdate), (RecordKind.Bar, Bar),
            (RecordKind.Print, Print), (RecordKind.NewsSentiment, NewsSentiment), (RecordKind.MarketData, MarketData),
            (RecordKind.EconomicIndicator, EconomicIndicator),
        ];
        if (weights.Any(weight => weight.Weight < 0) || weights.Sum(weight => (long)weight.Weight) is < 1 or > MaxWeight)
            throw new ArgumentException($"The weights of kinds must be 0 or more, and their sum 1 to {MaxWeight}.");
        return [.. weights.SelectMany(weight => Enumerable.Repeat(weight.Kind, weight.Weight))];
    }
}
