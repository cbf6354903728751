using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Admission;

/// <summary>
/// The limits of a plan. Stamps from <paramref name="From"/> (included) to <paramref name="To"/> (excluded) are
/// plausible. With a <paramref name="SpikeBand"/> above zero, a price that differs from the last one (of those
/// accepted, the one with the latest stamp) by more than that fraction of it (0.2 = 20 %) is refused, unless their stamps
/// are more than <paramref name="SpikeWithin"/> nanoseconds apart: so a market that really moved is believed again
/// after that time.
/// <paramref name="CrossedQuotes"/> lets quotes in whose bid is above their ask: feeds that report the two sides on their own have them.
/// </summary>
public sealed record Limits(Timestamp From, Timestamp To, double SpikeBand, long SpikeWithin, bool CrossedQuotes = false)
{
    /// <summary>Whether prices may be zero or negative (the plan's <c>prices</c>).</summary>
    public bool AnyPrices { get; init; }

    /// <summary>1900 to 2200; no band.</summary>
    public static readonly Limits Default = new(
        Timestamp.OfDate(1900, 1, 1), Timestamp.OfDate(2200, 1, 1), SpikeBand: 0, SpikeWithin: 5 * Timestamp.Minute);
}
