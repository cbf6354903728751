using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Tests.Signals;

public class RuleExplainerTests
{
    [Fact]
    public void Explanation_TellsWhatIsWatchedWhenItFiresAndWhenItIsSilent()
    {
        var text = Explain("sell when rsi(14) crosses above 70 for 1 bar on 5min and not (close@tick < 3) cooldown 10min");
        Assert.Contains("rsi(14) (relative strength index) on 5min", text);
        Assert.Contains("close of the last tick", text);
        Assert.Contains("Is evaluated: at every price; values of larger frames are those of their last closed bar.", text);
        Assert.Contains("Fires: sell, when this becomes true", text);
        Assert.Contains("Crosses above: above now, and not above (equal included) the last time both values were available.", text);
        Assert.Contains("For 1 bar: true at each of the last 1 bar of 5min", text);
        Assert.Contains("Is silent: for 10min of exchange time after it has fired", text);
        Assert.Contains("rsi(14)@5min needs 15 bars", text);
        Assert.Contains("close@tick needs 1 price", text);
    }

    [Fact]
    public void BothDirections_AndEveryStretchOfBars_AreExplained()
    {
        var text = Explain("alert when close crosses above 3 or close crosses below 3 or close > 3 for 2 bars or close > 3 for 5 bars");
        Assert.Contains("Crosses above:", text);
        Assert.Contains("Crosses below:", text);
        Assert.Contains("For 2 bars:", text);
        Assert.Contains("For 5 bars:", text);
    }

    [Fact]
    public void RuleWithoutAFrame_IsExplainedByThePlanOrWithoutOne()
    {
        Assert.Contains("whenever a bar of the plan's smallest bar frame closes", Explain("buy when close > sma(20)"));
        Assert.Contains("whenever a bar of 15min closes", Explain("buy when close > sma(20)", Frame.FifteenMinutes));
    }

    [Theory]
    [InlineData("sma(20)", 20)]
    [InlineData("ema(20)", 20)]
    [InlineData("ema(20,first)", 1)]
    [InlineData("rsi(14)", 15)]
    [InlineData("volatility(100)", 101)]
    [InlineData("macd(12,26,9).line", 26)]
    [InlineData("macd(12,26,9).signal", 34)]
    [InlineData("macd(12,26,9)", 34)]
    [InlineData("roc(12)", 13)]
    [InlineData("sma(100000)", 100_000)]
    public void WarmUp_IsTheNumberOfBarsUpToTheFirstValue(string text, int bars)
    {
        Assert.True(IndicatorSpec.TryParse(text, out var spec, out _));
        Assert.Equal(bars, WarmUp.Bars(spec));
    }

    [Fact]
    public void EveryIndicator_WarmsUpInAFiniteNumberOfBars()
    {
        foreach (var kind in IndicatorRegistry.All)
        {
            var spec = new IndicatorSpec(kind, [.. kind.Parameters.Select(parameter => parameter.Default)], -1, null);
            Assert.NotNull(WarmUp.Bars(spec));
        }
    }

    private static string Explain(string rule, Frame? frame = null) =>
        string.Join('\n', RuleExplainer.Explain(RuleParserTests.Parse(rule), frame));
}
