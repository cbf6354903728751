using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>
/// Comparison with DaveSkender/Stock.Indicators (Apache-2.0) over 502 days of SPY and one day of its minutes. The spreadsheets
/// (<c>*.calc.csv</c>, made by hand) confirm sma, ema, rsi, macd, bollinger, atr, truerange, stddev, stochastic, vwap, and by the columns
/// of stochastic donchian(n,current). The library's output (<c>*.standard.json</c>) confirms all of these except stddev(10), and wma, obv,
/// roc, momentum, donchian, cci, adx, stddev(14). A cell is empty exactly if the value must be absent.
/// </summary>
public class StockIndicatorsTests
{
    [ReferenceTheory]
    [InlineData("sma(20)", "sma.calc.csv", "SMA")]
    [InlineData("ema(20)", "ema.calc.csv", "ema")]
    [InlineData("rsi(14)", "rsi.calc.csv", "RSI(14)")]
    [InlineData("macd(12,26,9).line", "macd.calc.csv", "MACD")]
    [InlineData("macd(12,26,9).signal", "macd.calc.csv", "Signal")]
    [InlineData("macd(12,26,9).histogram", "macd.calc.csv", "Histo")]
    [InlineData("bollinger(20,2).upper", "bollingerbands.calc.csv", "upper")]
    [InlineData("bollinger(20,2).middle", "bollingerbands.calc.csv", "sma")]
    [InlineData("bollinger(20,2).lower", "bollingerbands.calc.csv", "lower")]
    [InlineData("stddev(20)", "bollingerbands.calc.csv", "stdev")]
    [InlineData("atr(14)", "atr.calc.csv", "ATR")]
    [InlineData("truerange", "atr.calc.csv", "TR")]
    [InlineData("stddev(10)", "stddev.calc.csv", "stddev")]
    [InlineData("sma(10)", "stddev.calc.csv", "mean")]
    [InlineData("donchian(14,current).upper", "stoch.calc.csv", "HH")]
    [InlineData("donchian(14,current).lower", "stoch.calc.csv", "LL")]
    [InlineData("stochastic(14,1,3).k", "stoch.calc.csv", "K(14)'")]
    [InlineData("stochastic(14,3,3).k", "stoch.calc.csv", "%K")]
    [InlineData("stochastic(14,3,3).d", "stoch.calc.csv", "%D")]
    public void DailySpy_SmaSeededEma_WilderRsiAndAtr_PopulationDeviation_IsWhatTheSpreadsheetsSay(
        string indicator, string file, string column) =>
        Expect.Same(Column(file, column), IndicatorRunner.Run(indicator, MarketBars.SpyDaily));

    [ReferenceTheory]
    [InlineData("sma(20)", "sma", "sma")]
    [InlineData("ema(20)", "ema", "ema")]
    [InlineData("wma(14)", "wma", "wma")]
    [InlineData("rsi(14)", "rsi", "rsi")]
    [InlineData("stddev(14)", "stdev", "stdDev")]
    [InlineData("bollinger(20,2).upper", "bb", "upperBand")]
    [InlineData("bollinger(20,2).middle", "bb", "sma")]
    [InlineData("bollinger(20,2).lower", "bb", "lowerBand")]
    [InlineData("macd(12,26,9).line", "macd", "macd")]
    [InlineData("macd(12,26,9).signal", "macd", "signal")]
    [InlineData("macd(12,26,9).histogram", "macd", "histogram")]
    [InlineData("ema(12)", "macd", "fastEma")]
    [InlineData("ema(26)", "macd", "slowEma")]
    [InlineData("truerange", "tr", "tr")]
    [InlineData("atr(14)", "atr", "atr")]
    [InlineData("stochastic(14,3,3).k", "stoch", "k")]
    [InlineData("stochastic(14,3,3).d", "stoch", "d")]
    [InlineData("obv", "obv", "obv")]
    [InlineData("roc(14)", "roc", "roc")]
    [InlineData("momentum(14)", "roc", "momentum")]
    [InlineData("donchian(20).upper", "donchian", "upperBand")]
    [InlineData("donchian(20).lower", "donchian", "lowerBand")]
    [InlineData("cci(20)", "cci", "cci")]
    [InlineData("adx(14)", "adx", "adx")]
    [InlineData("vwap", "vwap", "vwap")] // over two years as one session, like the library
    public void DailySpy_SmaSeededEma_WilderAverages_DonchianOfTheBarsBefore_IsWhatTheLibrarySays(
        string indicator, string file, string column) =>
        Expect.Same(Column($"{file}.standard.json", column), IndicatorRunner.Run(indicator, MarketBars.SpyDaily));

    [ReferenceFact]
    public void MinutesOfOneSession_Vwap_IsWhatTheSpreadsheetSays()
    {
        var table = ReferenceTable.Read("expected", "stock_indicators", "vwap.calc.csv");

        Expect.Same(table.Numbers("VWAP"), IndicatorRunner.Run("vwap", table.Rows.Select(MarketBars.Of)));
    }

    [ReferenceFact]
    public void SmaSeededEmaOfOpens_IsWhatTheSpreadsheetSays()
    {
        var opens = MarketBars.SpyDaily.Select(bar => bar with { Close = bar.Open });

        Expect.Same(Column("ema.calc.csv", "ema(O)"), IndicatorRunner.Run("ema(20)", opens));
    }

    private static double[] Column(string file, string column) =>
        ReferenceTable.Read("expected", "stock_indicators", file).Numbers(column);
}
