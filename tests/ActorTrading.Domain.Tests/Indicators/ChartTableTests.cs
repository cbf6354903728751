using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>
/// Comparison with tables exported from charting software (QuantConnect/Lean, Apache-2.0), to one unit of their last printed decimal (the
/// tables were computed from rounded numbers): bollinger on days of SPY (four decimals) and macd on its months (five). The table of macd
/// begins long after the warm-up, so it does not depend on the seed; the spreadsheets of <see cref="StockIndicatorsTests"/> do.
/// </summary>
public class ChartTableTests
{
    [ReferenceTheory]
    [InlineData("bollinger(20,2).upper", "Bollinger Bands® 20 2 Top")]
    [InlineData("bollinger(20,2).middle", "Moving Average 20")]
    [InlineData("bollinger(20,2).lower", "Bollinger Bands® 20 2 Bottom")]
    public void DailySpy_BandsOfPopulationDeviation_AreWhatTheChartShows(string indicator, string column)
    {
        var table = ReferenceTable.Read("expected", "lean", "spy_bollinger_bands.txt");

        Expect.Same(table.Numbers(column), IndicatorRunner.Run(indicator, table.Rows.Select(MarketBars.Of)), 0, 1e-4);
    }

    [ReferenceTheory]
    [InlineData("macd(12,26,9).line", "MACD")]
    [InlineData("macd(12,26,9).signal", "Signal")]
    [InlineData("macd(12,26,9).histogram", "Histogram")]
    public void MonthlySpy_SmaSeededMacd_IsWhatTheChartShows(string indicator, string column)
    {
        var table = ReferenceTable.Read("expected", "lean", "spy_with_macd.txt");

        Expect.SameWhereGiven(table.Numbers(column), IndicatorRunner.Run(indicator, table.Rows.Select(MarketBars.Of)), 1e-5);
    }
}
