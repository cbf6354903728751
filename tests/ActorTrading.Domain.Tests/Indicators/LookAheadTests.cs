using ActorTrading.Domain.Bars;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>A value depends only on earlier bars and on the memory that a snapshot stores.</summary>
public class LookAheadTests
{
    public static TheoryData<string> Calls => [.. EveryIndicator.Calls];

    [Theory]
    [MemberData(nameof(Calls))]
    public void RunOfAPrefix_IsThePrefixOfTheRun(string indicator) =>
        Check((bars, cut) => Same(Run(indicator, bars)[..cut], Run(indicator, bars[..cut])));

    [Theory]
    [MemberData(nameof(Calls))]
    public void AnotherFuture_ChangesNothingOfThePast(string indicator) =>
        Check((bars, cut) =>
        {
            var other = bars[..cut].Concat(MarketBars.RandomWalk(bars.Length - cut, seed: cut)).ToArray();
            return Same(Run(indicator, bars)[..cut], Run(indicator, other)[..cut]);
        });

    [Theory]
    [MemberData(nameof(Calls))]
    public void WordsCarriedOver_GoOnAsIfNothingHadHappened(string indicator) =>
        Check((bars, cut) =>
        {
            var before = new IndicatorRunner(indicator);
            foreach (var bar in bars[..cut]) before.Step(bar);
            var after = new IndicatorRunner(indicator);
            before.State.CopyTo(after.State.AsSpan());
            return Same(Run(indicator, bars)[cut..], [.. bars[cut..].Select(bar => after.Step(bar).ToArray())]);
        });

    private static void Check(Func<Bar[], int, bool> holds)
    {
        var cases =
            from seed in Gen.Choose(0, 1_000_000)
            from count in Gen.Choose(1, 160)
            from cut in Gen.Choose(0, count)
            select (Seed: seed, Count: count, Cut: cut);
        Prop.ForAll(cases.ToArbitrary(), c => holds(MarketBars.RandomWalk(c.Count, c.Seed), c.Cut)).QuickCheckThrowOnFailure();
    }

    private static double[][] Run(string indicator, Bar[] bars)
    {
        var runner = new IndicatorRunner(indicator);
        return [.. bars.Select(bar => runner.Step(bar).ToArray())];
    }

    private static bool Same(double[][] left, double[][] right) =>
        left.SelectMany(row => row.Select(BitConverter.DoubleToInt64Bits))
            .SequenceEqual(right.SelectMany(row => row.Select(BitConverter.DoubleToInt64Bits)));
}
