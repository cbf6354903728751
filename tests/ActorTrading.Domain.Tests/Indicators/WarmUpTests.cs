using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Tests.Indicators;

public class WarmUpTests
{
    /// <summary>The number of bars after which each value exists, as stated in docs/indicators.md.</summary>
    private static readonly Dictionary<string, int> WarmUps = new()
    {
        ["sma(20)"] = 20,
        ["ema(20)"] = 20,
        ["ema(20,first)"] = 1,
        ["wma(20)"] = 20,
        ["rsi(14)"] = 15,
        ["rsi(14,cutler)"] = 15,
        ["rsi(14,first)"] = 2,
        ["stddev(20)"] = 20,
        ["stddev(20,sample)"] = 20,
        ["volatility(100)"] = 101,
        ["volatility(100,log)"] = 101,
        ["bollinger(20,2).upper"] = 20,
        ["bollinger(20,2).middle"] = 20,
        ["bollinger(20,2).lower"] = 20,
        ["macd(12,26,9).line"] = 26,
        ["macd(12,26,9).signal"] = 34,
        ["macd(12,26,9).histogram"] = 34,
        ["atr(14)"] = 15,
        ["atr(14,first)"] = 1,
        ["truerange"] = 2,
        ["truerange(first)"] = 1,
        ["vwap"] = 1,
        ["stochastic(14,3,3).k"] = 16,
        ["stochastic(14,3,3).d"] = 18,
        ["obv"] = 1,
        ["roc(12)"] = 13,
        ["momentum(10)"] = 11,
        ["donchian(20).upper"] = 21,
        ["donchian(20).lower"] = 21,
        ["donchian(20,current).upper"] = 20,
        ["donchian(20,current).lower"] = 20,
        ["cci(20)"] = 20,
        ["adx(14)"] = 28,
    };

    public static TheoryData<string> Values => [.. EveryIndicator.Values];

    [Theory]
    [MemberData(nameof(Values))]
    public void MarketThatAlwaysMoves_ValueIsAbsentExactlyDuringTheWarmUp(string indicator)
    {
        var bars = MarketBars.Ticks(Enumerable.Range(0, 300).Select(i => 1_000_000_000L + (i % 7 * 1_000_000) + (i * 10_000)));

        var values = IndicatorRunner.Run(indicator, bars);

        var warmUp = WarmUps[indicator];
        Assert.All(values[..(warmUp - 1)], value =>
            Assert.Equal(BitConverter.DoubleToInt64Bits(Indicator.Absent), BitConverter.DoubleToInt64Bits(value)));
        Assert.All(values[(warmUp - 1)..], value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void AbsentValue_HasAlwaysTheSameBits(string indicator)
    {
        var bars = MarketBars.Flat(200).Concat(MarketBars.RandomWalk(400, seed: 2)).Concat(MarketBars.Flat(200));

        Assert.All(IndicatorRunner.Run(indicator, bars), value => Assert.True(
            double.IsFinite(value) || BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(Indicator.Absent)));
    }

    [Fact]
    public void ShortestLengths_HaveValuesAtOnce()
    {
        var bars = MarketBars.RandomWalk(50, seed: 4);
        foreach (var kind in IndicatorRegistry.All)
        {
            var shortest = kind.Spell([.. kind.Parameters.Select(p => p.Kind switch
            {
                ParameterKind.Length => p.Minimum,
                ParameterKind.Factor => p.Default,
                _ => 0,
            })]);
            Assert.True(IndicatorRunner.Run(shortest, bars).Count(double.IsFinite) > 30, shortest);
        }
    }
}
