using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Indicators;

public class VolumeTests
{
    private static readonly long Dollar = Fixed8.One;

    [Fact]
    public void NewSession_StartsTheVwapAnew()
    {
        Bar[] bars = [Trade(1, 10, 5), Trade(1, 20, 5), Trade(2, 30, 1), Trade(2, 60, 2)];

        Assert.Equal([10, 15, 30, 50], IndicatorRunner.Run("vwap", bars));
    }

    [Fact]
    public void SessionWithoutVolume_HasNoVwap_UntilSomethingIsTraded()
    {
        Bar[] bars = [Trade(1, 10, 0), Trade(1, 20, 3), Trade(1, 99, 0), Trade(2, 50, 0), Trade(2, 50, 1)];

        Assert.Equal([double.NaN, 20, 20, double.NaN, 50], IndicatorRunner.Run("vwap", bars));
    }

    [Fact]
    public void SessionsBeforeTheEpoch_AreSessionsToo()
    {
        Bar[] bars = [Trade(-1, 10, 1), Trade(0, 20, 1), Trade(0, 40, 1)];

        Assert.Equal([10, 20, 30], IndicatorRunner.Run("vwap", bars));
    }

    [Fact]
    public void TurnoverBeyondAnyMarket_Overflows_InsteadOfAWrongVwap()
    {
        var runner = new IndicatorRunner("vwap");
        var bar = Bar.Of(0, 1, long.MaxValue, 0);
        bar.Volume = long.MaxValue / 4;
        Assert.Equal(long.MaxValue / 1e8, StepValue(runner, bar), 1);

        bar.Volume = Int128.MaxValue / 2;
        Assert.Throws<OverflowException>(() => StepValue(runner, bar));
    }

    [Fact]
    public void BalanceBeyondAnyMarket_Overflows_InsteadOfAWrongObv()
    {
        var runner = new IndicatorRunner("obv");
        var bar = Trade(1, 10, 1);
        StepValue(runner, bar);
        bar.Volume = Int128.MaxValue;
        bar.Close++;
        StepValue(runner, bar);
        bar.Close++;

        Assert.Throws<OverflowException>(() => StepValue(runner, bar));
    }

    [Fact]
    public void PricesBeyondThirtyBillion_Overflow_InsteadOfAWrongCci() =>
        Assert.Throws<OverflowException>(() => IndicatorRunner.Run("cci(2)", MarketBars.Ticks([long.MaxValue, long.MaxValue])));

    [Fact]
    public void HighestPricePossible_IsNothingSpecialForTheOthers()
    {
        var bars = MarketBars.Ticks(Enumerable.Range(0, 300).Select(i => long.MaxValue - (i % 5)));
        foreach (var indicator in EveryIndicator.Values.Where(name => !name.StartsWith("cci", StringComparison.Ordinal)))
        {
            Assert.Contains(IndicatorRunner.Run(indicator, bars), double.IsFinite);
        }
    }

    [Fact]
    public void Obv_AddsVolumeOfRises_TakesAwayThatOfFalls_AndStartsAtZero()
    {
        Bar[] bars = [Trade(1, 10, 7), Trade(1, 11, 5), Trade(1, 11, 100), Trade(1, 9, 20), Trade(2, 10, 0.5m)];

        Assert.Equal([0, 5, 5, -15, -14.5], IndicatorRunner.Run("obv", bars));
    }

    private static double StepValue(IndicatorRunner runner, Bar bar) => runner.Step(bar)[0];

    private static Bar Trade(long session, int price, decimal size) =>
        Bar.Of(session, session, price * Dollar, (long)(size * Dollar));
}
