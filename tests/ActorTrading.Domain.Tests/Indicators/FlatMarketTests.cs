namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>A market with a constant price, here 0.1, which no double represents.</summary>
public class FlatMarketTests
{
    [Theory]
    [InlineData("sma(20)", 0.1)]
    [InlineData("ema(20)", 0.1)]
    [InlineData("ema(20,first)", 0.1)]
    [InlineData("wma(20)", 0.1)]
    [InlineData("rsi(14)", double.NaN)]
    [InlineData("rsi(14,cutler)", double.NaN)]
    [InlineData("rsi(14,first)", double.NaN)]
    [InlineData("stddev(20)", 0)]
    [InlineData("stddev(20,sample)", 0)]
    [InlineData("volatility(100)", 0)]
    [InlineData("volatility(100,log)", 0)]
    [InlineData("bollinger(20,2).upper", 0.1)]
    [InlineData("bollinger(20,2).middle", 0.1)]
    [InlineData("bollinger(20,2).lower", 0.1)]
    [InlineData("macd(12,26,9).line", 0)]
    [InlineData("macd(12,26,9).signal", 0)]
    [InlineData("macd(12,26,9).histogram", 0)]
    [InlineData("atr(14)", 0)]
    [InlineData("atr(14,first)", 0)]
    [InlineData("truerange", 0)]
    [InlineData("truerange(first)", 0)]
    [InlineData("vwap", 0.1)]
    [InlineData("stochastic(14,3,3).k", double.NaN)]
    [InlineData("stochastic(14,3,3).d", double.NaN)]
    [InlineData("obv", 0)]
    [InlineData("roc(12)", 0)]
    [InlineData("momentum(10)", 0)]
    [InlineData("donchian(20).upper", 0.1)]
    [InlineData("donchian(20).lower", 0.1)]
    [InlineData("donchian(20,current).upper", 0.1)]
    [InlineData("donchian(20,current).lower", 0.1)]
    [InlineData("cci(20)", double.NaN)]
    [InlineData("adx(14)", 0)]
    public void FlatMarket_AfterTheWarmUp_ValueIsExactlyTheDocumentedOne(string indicator, double expected)
    {
        var values = IndicatorRunner.Run(indicator, MarketBars.Flat(300))[101..];

        Assert.All(values, value => Assert.Equal(expected, value));
    }

    [Fact]
    public void FlatMarketTests_CoverEveryIndicator()
    {
        var covered = typeof(FlatMarketTests).GetMethod(nameof(FlatMarket_AfterTheWarmUp_ValueIsExactlyTheDocumentedOne))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>()
            .Select(data => (string)data.GetData(null!).Single()[0]);

        Assert.Equal(EveryIndicator.Values.Order(), covered.Order());
    }

    /// <summary>The averages only decay. When the rest falls below the smallest double, it must not cause a signal.</summary>
    [Theory]
    [InlineData("rsi(14)")]
    [InlineData("rsi(14,first)")]
    [InlineData("rsi(2)")]
    public void MarketThatGoesFlat_RsiStaysWhereItWas_AndThenIsAbsentForGood(string indicator)
    {
        var moving = MarketBars.RandomWalk(200, seed: 9);
        var flat = moving[^1] with { Open = moving[^1].Close, High = moving[^1].Close, Low = moving[^1].Close };

        var values = IndicatorRunner.Run(indicator, [.. moving, .. Enumerable.Repeat(flat, 12_000)])[200..];

        var last = Array.FindLastIndex(values, double.IsFinite);
        Assert.InRange(last, 100, 10_000);
        Assert.All(values[..(last + 1)], value => Assert.Equal(values[0], value, 1e-9));
        Assert.All(values[(last + 1)..], value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void MarketThatGoesFlat_AdxFallsToZero_AndMacdToo()
    {
        var moving = MarketBars.RandomWalk(200, seed: 9);
        var flat = moving[^1] with { Open = moving[^1].Close, High = moving[^1].Close, Low = moving[^1].Close };
        var bars = moving.Concat(Enumerable.Repeat(flat, 20_000)).ToArray();

        Assert.Equal(0, IndicatorRunner.Run("adx(14)", bars)[^1]);
        Assert.InRange(IndicatorRunner.Run("macd(12,26,9).line", bars)[^1], -1e-12, 1e-12);
        Assert.InRange(IndicatorRunner.Run("macd(12,26,9).histogram", bars)[^1], -1e-12, 1e-12);
    }

    [Fact]
    public void StretchWithoutRange_MakesTheStochasticAbsent_OnlyWhileItCounts()
    {
        var moving = MarketBars.RandomWalk(100, seed: 6);
        moving[^1].High += 5;
        var flat = moving[^1] with { Open = moving[^1].Close, High = moving[^1].Close, Low = moving[^1].Close };
        var higher = flat with { High = flat.High + 5, Close = flat.Close + 5 };

        // 14 flat bars fill one window without range; the next bar ends it.
        var bars = moving.Concat(Enumerable.Repeat(flat, 14)).Concat(Enumerable.Repeat(higher, 10)).ToArray();
        var k = IndicatorRunner.Run("stochastic(14,3,3).k", bars);
        var d = IndicatorRunner.Run("stochastic(14,3,3).d", bars);

        Assert.Equal([113, 114, 115], Absent(k).Where(row => row >= 100));
        Assert.Equal([113, 114, 115, 116, 117], Absent(d).Where(row => row >= 100));
        Assert.Equal(100, k[116]);
    }

    private static IEnumerable<int> Absent(double[] values) => Enumerable.Range(0, values.Length).Where(row => double.IsNaN(values[row]));
}
