using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Indicators;

public class VolatilityTests
{
    private static readonly long[] Dollars = [100, 101, 99, 103, 102, 100, 98, 101];

    [Theory]
    [InlineData(34)] // the jump is from 101 to 3400: a return of 32.7
    [InlineData(1_000_000)]
    public void PriceThatJumpsBeyondAllMeasure_MakesVolatilityAbsent_WhileTheJumpIsInTheWindow(int times)
    {
        var values = IndicatorRunner.Run("volatility(5)", [.. Market(1), .. Market(times)]);

        Assert.Equal([8, 9, 10, 11, 12], Enumerable.Range(5, values.Length - 5).Where(row => double.IsNaN(values[row])));
        Assert.Equal(IndicatorRunner.Run("volatility(5)", Market(times))[5..], values[13..]);
    }

    [Theory]
    [InlineData("volatility(5)", 33)] // a return of 31.7
    [InlineData("volatility(5,log)", 1_000_000)] // whose logarithm is 13.8
    public void PriceThatJumpsWithinMeasure_StillHasAVolatility(string indicator, int times) =>
        Assert.All(IndicatorRunner.Run(indicator, [.. Market(1), .. Market(times)])[5..], value => Assert.InRange(value, 0.001, 100));

    [Fact]
    public void PriceThatFallsToNothing_HasAVolatility_ButNoLogarithmBeyondMeasure()
    {
        Bar[] bars = [.. MarketBars.Ticks([long.MaxValue, 1, 2, 3])];

        Assert.True(double.IsFinite(IndicatorRunner.Run("volatility(3)", bars)[3]));
        Assert.True(double.IsNaN(IndicatorRunner.Run("volatility(3,log)", bars)[3]));
    }

    private static Bar[] Market(int times) => MarketBars.Ticks(Dollars.Select(dollars => dollars * times * Fixed8.One));
}
