using ActorTrading.Domain.Values;

namespace ActorTrading.Simulation;

/// <summary>
/// Random walk of one symbol's price, in 1e-8. The price starts between 5 and 1280 and stays between 1/16 and 16 times its start.
/// Uses only + - * / of doubles, which IEEE 754 defines to the bit on every machine.
/// </summary>
internal struct SymbolWalk
{
    /// <summary>Standard deviation of the sum of four uniform numbers of 16 bits.</summary>
    private const double SumDeviation = 37_837.227;

    private readonly double growth;
    private readonly double deviation;
    private readonly double lowest;
    private readonly double highest;
    private double price;

    public SymbolWalk(MarketOptions options, int index)
    {
        var random = new Xoshiro256(options.Seed, (ulong)index + 16);
        var decimals = random.Below(10) switch { < 7 => 2, < 8 => 3, _ => 4 };
        IsFractional = decimals == 4;
        TickSize = decimals switch { 2 => Fixed8.One / 100, 3 => Fixed8.One / 1_000, _ => Fixed8.One / 10_000 };
        price = (5L << (int)random.Below(8)) * (Fixed8.One + random.Below(Fixed8.One));
        lowest = price / 16;
        highest = price * 16;
        growth = 1 + options.Drift;
        deviation = options.Volatility / SumDeviation * (0.5 + (random.Below(1_001) / 1_000.0));
    }

    /// <summary>Smallest price step, in 1e-8. Prices have 2, 3 or 4 decimals.</summary>
    public long TickSize { get; }

    /// <summary>Whether fractions of a unit are traded.</summary>
    public bool IsFractional { get; }

    /// <summary>The price, a multiple of <see cref="TickSize"/>; at least thirty of them.</summary>
    public readonly long Price => (long)(price / TickSize) * TickSize;

    /// <summary>Moves the price by a nearly normal step: the sum of four uniform ones.</summary>
    public void Step(ref Xoshiro256 random)
    {
        var bits = random.Next();
        var sum = (long)((bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48)) - (2 * 0xffff);
        price = Math.Clamp(price * (growth + (deviation * sum)), lowest, highest);
    }

    /// <summary>A plausible size: mostly round lots, some odd lots; 0.0001 to 50 if fractions are traded.</summary>
    public readonly long Size(ref Xoshiro256 random)
    {
        var bits = random.Next();
        if (IsFractional) return (1 + (long)(bits % 500_000)) * (Fixed8.One / 10_000);
        var lots = 1 + (long)(((bits >> 8) & 15) * ((bits >> 16) & 3));
        return ((bits & 7) == 0 ? 1 + (long)((bits >> 8) % 99) : 100 * lots) * Fixed8.One;
    }
}
