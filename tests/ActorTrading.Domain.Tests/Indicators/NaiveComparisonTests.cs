using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>
/// Every indicator, variant and output against <see cref="NaiveIndicators"/>. This is the only confirmation of volatility, rsi(cutler) and
/// stddev(sample), and of market conditions that the outside tables do not contain.
/// </summary>
public class NaiveComparisonTests
{
    public static TheoryData<string> Values => [.. EveryIndicator.Values];

    [Theory]
    [MemberData(nameof(Values))]
    public void WanderingMarket_EqualsTheNaiveComputation(string indicator) =>
        Compare(indicator, MarketBars.RandomWalk(1500, seed: 11));

    /// <summary>Prices of a few units of 1e-8, where averages lie between two prices and half of the prices are equal.</summary>
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

    /// <summary>Deviations of a hundred-thousandth of the price, where floating-point formulas lose precision.</summary>
    [ReferenceTheory]
    [MemberData(nameof(Values))]
    public void QuotesOfEuroDollar_TickByTick_EqualTheNaiveComputation(string indicator)
    {
        var bids = ReferenceData.Lines("trades", "fxcm_eurusd_quoteticks_201405.csv.gz").Skip(1).Take(2500)
            .Select(line => MarketBars.Units(line.Split(',')[2]));

        Compare(indicator, MarketBars.Ticks(bids));
    }

    /// <summary>Prices between one and two that change in the eighteenth decimal, and volumes of eighteen decimals.</summary>
    [Theory]
    [MemberData(nameof(Values))]
    public void MarketOfEighteenDecimals_EqualsTheNaiveComputation(string indicator)
    {
        var random = new Random(13);
        var last = 1_500_000_000_000_000_000L;
        var bars = new Bar[600];
        for (var i = 0; i < bars.Length; i++)
        {
            bars[i] = Bar.Of(i * Timestamp.Minute, i / 7, last, random.NextInt64(10_000_000_000_000_000));
            for (var t = random.Next(4); t > 0; t--)
            {
                last = Math.Clamp(
                    last + random.NextInt64(-9_000_000_000_000_007, 9_000_000_000_000_008), 1_000_000_000_000_000_000,
                    2_000_000_000_000_000_000);
                bars[i].Add(last, random.NextInt64(10_000_000_000_000_000));
            }
        }

        Compare(indicator, bars, new Units(18, 18));
    }

    /// <summary>A coin with a volume of ten trillion and fractions in every bar.</summary>
    [Theory]
    [MemberData(nameof(Values))]
    public void VolumesOfTenTrillion_EqualTheNaiveComputation(string indicator)
    {
        var random = new Random(14);
        var bars = MarketBars.RandomWalk(800, seed: 15);
        for (var i = 0; i < bars.Length; i++) bars[i].Volume = ((Int128)10_000_000_000_000 * Fixed8.One) + random.NextInt64(Fixed8.One);

        Compare(indicator, bars);
    }

    /// <summary>Prices above zero, then on both sides of zero, and zero itself.</summary>
    [Theory]
    [MemberData(nameof(Values))]
    public void MarketAroundZero_EqualsTheNaiveComputation(string indicator)
    {
        var random = new Random(16);

        Compare(
            indicator, MarketBars.Ticks(Enumerable.Range(0, 800).Select(i => (long)random.Next(i < 250 ? 20 : -40, 61) * 1_000_000)),
            anyPrices: true);
    }

    private static void Compare(string indicator, Bar[] bars, Units units = default, bool anyPrices = false)
    {
        // A difference of prices, such as macd, is no more precise than the last bits of the prices.
        var roundingOfPrices = indicator.StartsWith("volatility", StringComparison.Ordinal) ? 1e-17
            : anyPrices ? 1e-13
            : FixedPoint.ToDouble(bars[^1].Close, units.PriceDecimals) * 1e-14;

        Expect.Same(
            NaiveIndicators.Run(indicator, bars, units), IndicatorRunner.Run(indicator, bars, units, anyPrices),
            absolute: roundingOfPrices);
    }
}
