using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>
/// Comparison with the spreadsheets of ta4j (MIT) over 365 weeks of gold, length 13. They start Wilder's averages with the first value
/// instead of the mean of the first 13: true range high − low, no gain and no loss. So they confirm rsi(n,first), atr(n,first) and
/// truerange(first).
/// </summary>
public class Ta4jTests
{
    [ReferenceFact]
    public void WeeklyGold_RsiSeededByTheFirstValue_IsWhatTheSpreadsheetSays()
    {
        var table = ReferenceTable.Read("expected", "ta4j", "rsi13_gold_weekly.csv");
        var expected = table.Numbers("RSI");
        Assert.Equal(0, expected[0]); // 0 / 0 there: the first week has no change. Absent here, as in any flat market.
        expected[0] = double.NaN;

        Expect.Same(expected, IndicatorRunner.Run("rsi(13,first)", table.Rows.Select(MarketBars.Of)));
    }

    [ReferenceTheory]
    [InlineData("atr(13,first)", "ATR")]
    [InlineData("truerange(first)", "TR")]
    public void WeeklyGold_RangeSeededByHighLessLow_IsWhatTheSpreadsheetSays(string indicator, string column)
    {
        var table = ReferenceTable.Read("expected", "ta4j", "atr13_gold_weekly.csv");

        Expect.Same(table.Numbers(column), IndicatorRunner.Run(indicator, table.Rows.Select(MarketBars.Of)));
    }
}
