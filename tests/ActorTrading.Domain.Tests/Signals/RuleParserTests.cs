using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Tests.Signals;

public class RuleParserTests
{
    [Theory]
    [InlineData("buy when ema(14) crosses below 30 on 5min", "buy when ema(14) crosses below 30 on 5min")]
    [InlineData("sell when sma(20) crosses below sma(50) on 1min and close < ema(100)",
        "sell when sma(20) crosses below sma(50) and close < ema(100) on 1min")]
    [InlineData(
        "buy when close > sma(20) for 3 bars on 15min cooldown 10min", "buy when close > sma(20) for 3 bars on 15min cooldown 10min")]
    [InlineData("sell when not (sma(14) < 70) and sma(20) < high on 1hour", "sell when not (sma(14) < 70) and sma(20) < high on 1hour")]
    [InlineData("alert when volatility(100)@tick > 0.01", "alert when volatility(100) > 0.01 on tick")]
    [InlineData("  BUY  When\tClose>SMA( 20 )ON 1MIN ", "buy when close > sma(20) on 1min")]
    [InlineData("buy when price > open", "buy when close > open")]
    [InlineData("alert when size > 1000 on tick", "alert when volume > 1000 on tick")]
    [InlineData("buy when close@1min > sma(20)@1hour", "buy when close@1min > sma(20)@1hour")]
    [InlineData("buy when close > sma(20)@1hour on 5min", "buy when close@5min > sma(20)@1hour")]
    [InlineData("buy when close > sma(20)@1hour", "buy when close > sma(20)@1hour")]
    [InlineData("buy when close > open on 1min or low < sma(3) on 5min", "buy when close@1min > open@1min or low@5min < sma(3)@5min")]
    [InlineData("buy when (close > open on 1min and low > 3) on 5min", "buy when close@1min > open@1min and low@5min > 3")]
    [InlineData("buy when (close > open and low > 3) or high < 2 on 5min", "buy when close > open and low > 3 or high < 2 on 5min")]
    [InlineData("buy when close > open and (low > 3 or high < 2)", "buy when close > open and (low > 3 or high < 2)")]
    [InlineData("buy when close > open and (low > 3 and high < 2)", "buy when close > open and (low > 3 and high < 2)")]
    [InlineData("buy when (close > open or low > 3) for 2 bars", "buy when (close > open or low > 3) for 2 bars")]
    [InlineData("buy when close > open for 1 bars on 5min", "buy when close > open for 1 bar on 5min")]
    [InlineData("buy when not not close == open", "buy when not (not (close = open))")]
    [InlineData("buy when close <> open", "buy when close != open")]
    [InlineData("buy when close > 1.02 * sma(20)", "buy when close > 1.02 * sma(20)")]
    [InlineData("buy when (high+low)/2 >= close - (open - low)", "buy when (high + low) / 2 >= close - (open - low)")]
    [InlineData("buy when high - low - open <= -5", "buy when high - low - open <= -5")]
    [InlineData("buy when -(high - low) <= - -close", "buy when -(high - low) <= --close")]
    [InlineData("buy when ((close)) > (30)", "buy when close > 30")]
    [InlineData("buy when close > 1e3 and open < .5", "buy when close > 1000 and open < 0.5")]
    [InlineData("buy when close > 2 cooldown 60s", "buy when close > 2 cooldown 1min")]
    [InlineData("buy when close > 2 cooldown 90 s", "buy when close > 2 cooldown 90s")]
    [InlineData("buy when close > 2 cooldown 48hours", "buy when close > 2 cooldown 2day")]
    public void Rule_IsUnderstoodAndSpelledInOneWay(string text, string canonical)
    {
        var rule = Parse(text);
        Assert.Equal(canonical, rule.ToString());
        Assert.Equal(rule, Parse(canonical));
        Assert.Equal(rule.Id(Frame.OneMinute), Parse(canonical).Id(Frame.OneMinute));
    }

    internal static Rule Parse(string text)
    {
        Assert.True(RuleParser.TryParse(text, out var rule, out var error), error?.Render(text));
        return rule;
    }
}
