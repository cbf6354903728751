using ActorTrading.Domain.Bars;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>
/// Every indicator, each variant and each output, against <see cref="NaiveIndicators"/>. For volatility, rsi(cutler),
/// stddev(sample) and wherever markets do more than the outside tables show, this is the confirmation.
/// </summary>
public class NaiveComparisonTests
{
    public static TheoryData<string> Values => [.. EveryIndicator.Values];

    [Theory]
    [MemberData(nameof(Values))]
    public void WanderingMarket_EqualsTheNaiveComputation(string indicator) =>
        Compare(indicator, MarketBars.RandomWalk(1500, seed: 11));

    /// <summary>Prices of a few units of 1e-8, where means lie between two prices and halves of the market are equal.</summary>
    [Theory]
    [MemberData(nameof(Values))]
    public void MarketOfTheSmallestPrices_EqualsTheNaiveComputation(string indicator)
    {
        var random = new Random(12);

        Compare(indicator, MarketBars.Ticks(Enumerable.Range(0, 1000).Select(_ => (long)random.Next(1, 5))));
    }

    [ReferenceTheory]
    [MemberData(nameof(Values))]
    public void MinutesOfSpy_EqualTheNaiveComputation(string indicator)
    {
        var minutes = MarketBars.Read("bars", "spy_1m_20201215_18.csv");
        for (var i = 0; i < minutes.Length; i++) minutes[i].Session = i / 391;

        Compare(indicator, minutes);
    }

    [ReferenceTheory]
    [MemberData(nameof(Values))]
    public void DaysOfMicrosoft_FirstOnesWithoutVolume_EqualTheNaiveComputation(string indicator) =>
        Compare(indicator, [.. MarketBars.Read("bars", "msft_1d_1990.csv").Take(2000)]);

    [ReferenceTheory]
    [MemberData(nameof(Values))]
    public void MinutesOfBitcoin_EqualTheNaiveComputation(string indicator) =>
        Compare(indicator, [.. MarketBars.Read("bars", "coinbase_btcusd_1m.csv.gz").Take(2000)]);

    /// <summary>Deviations of a hundred-thousandth of the price, where formulas in floating point lose their digits.</summary>
    [ReferenceTheory]
    [MemberData(nameof(Values))]
    public void QuotesOfEuroDollar_TickByTick_EqualTheNaiveComputation(string indicator)
    {
        var bids = ReferenceData.Lines("trades", "fxcm_eurusd_quoteticks_201405.csv.gz").Skip(1).Take(2500)
            .Select(line => MarketBars.Units(line.Split(',')[2]));

        Compare(indicator, MarketBars.Ticks(bids));
    }

    private static void Compare(string indicator, Bar[] bars)
    {
        // A difference of prices, such as macd's, cannot be better than the last bits of the prices in it.
        var roundingOfPrices = indicator.StartsWith("volatility", StringComparison.Ordinal) ? 1e-17 : bars[^1].CloseValue * 1e-14;

        Expect.Same(NaiveIndicators.Run(indicator, bars), IndicatorRunner.Run(indicator, bars), absolute: roundingOfPrices);
    }
}
