using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Admission;

/// <summary>
/// The limits of a plan. Times from <paramref name="From"/> (included) to <paramref name="To"/> (excluded) are plausible. With a
/// <paramref name="SpikeBand"/> above zero, a price is rejected if it differs from the last price (of the accepted ones, that with the
/// latest time) by more than that fraction of it (0.2 = 20 %), unless their times are more than <paramref name="SpikeWithin"/> nanoseconds
/// apart. So after a real market move prices are accepted again after that time. <paramref name="CrossedQuotes"/> allows quotes whose bid
/// is above their ask, for feeds that report the two sides separately.
/// </summary>
public sealed record Limits(Timestamp From, Timestamp To, double SpikeBand, long SpikeWithin, bool CrossedQuotes = false)
{
    /// <summary>Whether prices may be zero or negative (the plan's <c>prices</c>).</summary>
    public bool AnyPrices { get; init; }

    /// <summary>The default: 1900 to 2200, no band.</summary>
    public static readonly Limits Default = new(
        Timestamp.OfDate(1900, 1, 1), Timestamp.OfDate(2200, 1, 1), SpikeBand: 0, SpikeWithin: 5 * Timestamp.Minute);
}
