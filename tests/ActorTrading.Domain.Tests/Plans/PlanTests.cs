using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Plans;

public class PlanTests
{
    [Fact]
    public void DefaultPlan_WatchesFiveFramesWithFiveIndicators_AndTicksWithThree()
    {
        var settings = Plan.Default.Settings;
        Assert.Equal([Frame.OneMinute, Frame.FiveMinutes, Frame.FifteenMinutes, Frame.OneHour, Frame.OneDay], settings.Frames);
        Assert.Equal(
            ["sma(20)", "ema(20)", "ema(100)", "rsi(14)", "volatility(100)", "sma(100)@tick", "ema(100)@tick", "volatility(100)@tick"],
            settings.Columns.Select(column => column.Name));
        Assert.Equal(["oversold", "overbought", "trend", "storm"], settings.Rules.Select(rule => rule.Name));
        Assert.Equal("24h", settings.Calendar.Name);
        Assert.Equal(PriceSource.Trade, settings.PriceSource);
        Assert.Equal(Limits.Default, settings.Limits);
        Assert.Empty(Plan.Default.Overrides);
    }

    [Fact]
    public void EmptyPlan_HasTheDefaultFrames_AndNoIndicatorOrRule()
    {
        var settings = Plan.Parse("{}").Settings;
        Assert.Equal(Plan.Default.Settings.Frames, settings.Frames);
        Assert.Empty(settings.Indicators);
        Assert.Empty(settings.Rules);
    }

    [Fact]
    public void Plan_TellsEverythingItHolds()
    {
        var plan = Plan.Parse(
            """
            // a plan for the opening hour
            {
              "calendar": "us-equities",
              "frames": ["5min", "tick", "1min"],
              "indicators": ["SMA( 20 )", "macd(12,26,9)", "bollinger(20,2).upper@5min"],
              "rules": ["buy when close > sma(20)", { "rule": "sell when close < sma(20) on 5min", "name": "out" }],
              "price": "mid",
              "limits": { "from": "2000-01-01", "to": "2030-06-30T12:00:00Z", "crossed_quotes": "accept", "spike": { "percent": 12.5, "within": "30s" } }, /* as the venue says */
            }
            """);
        var settings = plan.Settings;
        Assert.Equal("us-equities", settings.Calendar.Name);
        Assert.Equal([Frame.Tick, Frame.OneMinute, Frame.FiveMinutes], settings.Frames);
        Assert.Equal(Frame.OneMinute, settings.DefaultFrame);
        Assert.Equal(["SMA( 20 )", "macd(12,26,9)", "bollinger(20,2).upper@5min"], settings.IndicatorTexts);
        Assert.Equal(
            ["SMA( 20 )", "macd(12,26,9).line", "macd(12,26,9).signal", "macd(12,26,9).histogram", "bollinger(20,2).upper@5min"],
            settings.Columns.Select(column => column.Name));
        Assert.Equal("sma(20)", settings.Columns[0].Spec.ToString());
        Assert.Equal(["buy when close > sma(20)", "out"], settings.Rules.Select(rule => rule.Name));
        Assert.Equal(PriceSource.Mid, settings.PriceSource);
        Assert.Equal(
            new Limits(
                Timestamp.OfDate(2000, 1, 1), new Timestamp(Timestamp.OfDate(2030, 6, 30).Nanoseconds + (12 * Timestamp.Hour)),
                SpikeBand: 0.125, SpikeWithin: 30 * Timestamp.Second, CrossedQuotes: true),
            settings.Limits);
    }

    [Fact]
    public void PlanOfTicksAlone_TakesThemAsTheFrameOfItsRules() =>
        Assert.Equal(Frame.Tick, Plan.Parse("""{"frames":["tick"]}""").Settings.DefaultFrame);

    [Fact]
    public void SymbolWithoutOverrides_SharesTheSettingsOfThePlan()
    {
        var plan = Plan.Parse("""{"frames":["1min"],"symbols":{"AAPL":{"frames":["5min"]}}}""");
        Assert.Same(plan.Settings, plan.For(Symbol.Parse("MSFT")));
        Assert.Same(plan.Settings, plan.For(Symbol.Economy));
        Assert.NotSame(plan.Settings, plan.For(Symbol.Parse("AAPL")));
    }

    [Fact]
    public void SymbolsWithTheSameOverrides_ShareTheirSettings()
    {
        var plan = Plan.Parse(
            """{"frames":["1min"],"symbols":{"AAPL":{"frames":["5min"]},"MSFT":{"frames":["5min"]},"TSLA":{"frames":["1min"]}}}""");
        Assert.Same(plan.For(Symbol.Parse("AAPL")), plan.For(Symbol.Parse("MSFT")));
        Assert.Same(plan.Settings, plan.For(Symbol.Parse("TSLA")));
        Assert.Equal(2, plan.Overrides.Count);
    }

    [Theory]
    [InlineData("\"frames\":[\"5min\"]")]
    [InlineData("\"indicators\":[\"ema(5)\"]")]
    [InlineData("\"rules\":[\"sell when close < 5\"]")]
    [InlineData("\"calendar\":\"us-equities\"")]
    [InlineData("\"price\":\"bid\"")]
    [InlineData("\"limits\":{\"spike\":{\"percent\":5}}")]
    public void Override_ReplacesThatKeyAsAWhole_AndNoOther(string key)
    {
        var plan = Plan.Parse(
            $$$"""
            {"frames":["1min","5min"],"indicators":["sma(20)","rsi(14)"],"rules":["buy when close > 3","alert when close > 4"],
             "limits":{"from":"2001-01-01"},"symbols":{"AAPL":{ {{{key}}} } } }
            """);
        var (all, own) = (plan.Settings, plan.For(Symbol.Parse("AAPL")));
        Assert.Equal(key.Contains("calendar") ? "us-equities" : "24h", own.Calendar.Name);
        Assert.Equal(key.Contains("frames") ? [Frame.FiveMinutes] : all.Frames, own.Frames);
        Assert.Equal(key.Contains("indicators") ? ["ema(5)"] : all.IndicatorTexts, own.IndicatorTexts);
        Assert.Equal(key.Contains("rules") ? ["sell when close < 5"] : all.Rules.Select(r => r.Name), own.Rules.Select(r => r.Name));
        Assert.Equal(key.Contains("price") ? PriceSource.Bid : PriceSource.Trade, own.PriceSource);
        Assert.Equal(key.Contains("limits") ? Limits.Default with { SpikeBand = 0.05 } : all.Limits, own.Limits);
    }

    [Fact]
    public void ByteOrderMark_IsNoFault()
    {
        Assert.True(Plan.TryParse([.. "\uFEFF"u8, .. "{}"u8], BuiltInCalendars.Source, out _, out var errors), string.Join('\n', errors));
    }

    [Fact]
    public void JsonOfAPlan_ReadsBackToTheSamePlan()
    {
        foreach (var plan in (Plan[])
            [
                Plan.Default,
                Plan.Parse(
                    """
                    {"frames":["1min"],"limits":{"spike":{"percent":7.1},"crossed_quotes":"accept"},"rules":[{"name":"<é>","rule":"buy when close > 1e-7"}],
                     "symbols":{"ES=F":{"price":"ask"},"BTC/USD":{"limits":{"spike":{"percent":0.00000001,"within":"1day"}}},"A":{"price":"ask"}}}
                    """),
            ])
        {
            var again = Plan.Parse(plan.ToJson());
            Assert.Equal(plan.Hash, again.Hash);
            Assert.Equal(plan.ToJson(), again.ToJson());
            Assert.Equal(plan.Settings.Limits, again.Settings.Limits);
        }
    }

    internal static IReadOnlyList<PlanError> Refuse(string json)
    {
        Assert.False(Plan.TryParse(Encoding.UTF8.GetBytes(json), BuiltInCalendars.Source, out _, out var errors));
        return errors;
    }
}
