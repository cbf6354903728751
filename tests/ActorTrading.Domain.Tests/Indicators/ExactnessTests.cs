using System.Globalization;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Indicators.Parts;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>
/// Moving sums do not drift: after any number of updates they equal, to the bit, sums that were computed from their window only.
/// ACTORTRADING_EXACTNESS_UPDATES sets the number of updates (100000000 takes minutes); default: 2,000,000.
/// </summary>
public class ExactnessTests
{
    private const int Length = 100;

    private static readonly long Updates =
        long.TryParse(
            Environment.GetEnvironmentVariable("ACTORTRADING_EXACTNESS_UPDATES"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var count)
            ? count : 2_000_000;

    [Fact]
    public void MovingSum_AfterManyUpdates_EqualsTheSumRecomputed()
    {
        var layout = new StateLayout();
        var sum = new MovingSum(layout, Length);
        var state = new long[layout.Words];
        Int128 total = 0;
        foreach (var value in Prices()) total = sum.Push(state, value);

        Int128 recomputed = 0;
        foreach (var value in sum.Values(state)) recomputed += value;
        Assert.Equal(recomputed, total);
        Assert.Equal(LastPrices(Length).Aggregate((Int128)0, (s, x) => s + x), total);
    }

    [Theory]
    [InlineData("prices")]
    [InlineData("extremes")]
    public void MovingMoments_AfterManyUpdates_EqualThoseOfTheWindowAlone(string market)
    {
        var used = new MovingMomentsTests.Subject(Length);
        var last = new Queue<long>();
        foreach (var value in MovingMomentsTests.Values(market, seed: 1).Take((int)Math.Min(Updates, int.MaxValue)))
        {
            used.Push(value);
            last.Enqueue(value);
            if (last.Count > Length) last.Dequeue();
        }

        var fresh = new MovingMomentsTests.Subject(Length);
        foreach (var value in last) fresh.Push(value);
        Assert.Equal(fresh.Sum, used.Sum);
        Assert.Equal(fresh.Population, used.Population);
        Assert.Equal(fresh.Sample, used.Sample);
    }

    [Theory]
    [InlineData("sma(100)", 100)]
    [InlineData("wma(100)", 100)]
    [InlineData("stddev(100)", 100)]
    [InlineData("bollinger(100,2).lower", 100)]
    [InlineData("volatility(100)", 101)]
    [InlineData("volatility(100,log)", 101)]
    [InlineData("rsi(100,cutler)", 101)]
    [InlineData("stochastic(100,3,3).d", 104)]
    [InlineData("donchian(100).upper", 101)]
    [InlineData("donchian(100,current).lower", 100)]
    [InlineData("roc(100)", 101)]
    [InlineData("momentum(100)", 101)]
    [InlineData("cci(20)", 20)]
    public void IndicatorOfAWindow_AfterManyUpdates_EqualsOneThatSawOnlyTheWindow(string indicator, int memory)
    {
        var used = new IndicatorRunner(indicator);
        var value = 0.0;
        foreach (var price in Prices()) value = used.Step(Bar.Of(0, 0, price, Fixed8.One))[used.Output];

        var fresh = IndicatorRunner.Run(indicator, MarketBars.Ticks(LastPrices(memory)));
        Assert.Equal(BitConverter.DoubleToInt64Bits(fresh[^1]), BitConverter.DoubleToInt64Bits(value));
        Assert.False(double.IsNaN(value));
        Assert.All(fresh[..^1], early => Assert.True(double.IsNaN(early))); // so the memory has the stated length
    }

    /// <summary>
    /// A price that varies around 100 dollars in steps of 1e-8, from a linear congruential generator: fast and repeatable.
    /// </summary>
    private static IEnumerable<long> Prices()
    {
        var random = 1UL;
        var price = 100 * Fixed8.One;
        for (long i = 0; i < Updates; i++)
        {
            random = (random * 6364136223846793005UL) + 1442695040888963407UL;
            price += (long)(random >> 40) - (1L << 23) - ((price - (100 * Fixed8.One)) >> 10);
            yield return price;
        }
    }

    private static IEnumerable<long> LastPrices(int count)
    {
        var last = new Queue<long>(count + 1);
        foreach (var price in Prices())
        {
            last.Enqueue(price);
            if (last.Count > count) last.Dequeue();
        }

        return last;
    }
}
