using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Signals;

public class RuleEvaluationTests
{
    private const string A = "sma(1)@1min";
    private const string B = "sma(2)@1min";

    /// <summary>T, F and U are true, false and unknown.</summary>
    [Theory]
    [InlineData('T', 'T', 'T', 'T')]
    [InlineData('T', 'F', 'F', 'T')]
    [InlineData('T', 'U', 'U', 'T')]
    [InlineData('F', 'T', 'F', 'T')]
    [InlineData('F', 'F', 'F', 'F')]
    [InlineData('F', 'U', 'F', 'U')]
    [InlineData('U', 'T', 'U', 'T')]
    [InlineData('U', 'F', 'F', 'U')]
    [InlineData('U', 'U', 'U', 'U')]
    public void AbsentValue_MakesUnknown_AndUnknownFiresNothing(char a, char b, char and, char or)
    {
        Assert.Equal(and, Truth("sma(1) > 0 and sma(2) > 0"));
        Assert.Equal(or, Truth("sma(1) > 0 or sma(2) > 0"));
        Assert.Equal(a switch { 'T' => 'F', 'F' => 'T', _ => 'U' }, Truth("not sma(1) > 0"));

        char Truth(string condition) =>
            Fires(condition) ? 'T' : Fires($"not ({condition})") ? 'F' : 'U';

        bool Fires(string condition) => new RuleBench($"buy when {condition}").Set(A, Value(a)).Set(B, Value(b)).Fires();

        static double? Value(char truth) => truth switch { 'T' => 1, 'F' => -1, _ => null };
    }

    [Theory]
    [InlineData("<", true, false, false)]
    [InlineData("<=", true, true, false)]
    [InlineData(">", false, false, true)]
    [InlineData(">=", false, true, true)]
    [InlineData("=", false, true, false)]
    [InlineData("!=", true, false, true)]
    public void Comparison_SaysWhatItsSignSays(string sign, bool below, bool equal, bool above)
    {
        Assert.Equal(below, new RuleBench($"buy when sma(1) {sign} 2").Set(A, 1).Fires());
        Assert.Equal(equal, new RuleBench($"buy when sma(1) {sign} 2").Set(A, 2).Fires());
        Assert.Equal(above, new RuleBench($"buy when sma(1) {sign} 2").Set(A, 3).Fires());
        Assert.False(new RuleBench($"buy when sma(1) {sign} 2").Set(A, null).Fires());
    }

    [Fact]
    public void Rule_FiresWhenItBecomesTrue_AndNotWhileItStaysTrue()
    {
        var bench = new RuleBench("buy when sma(1) > 0");
        Assert.Equal(
            [false, true, false, false, true, false, true],
            new double?[] { -1, 1, 2, 0, 1, null, 1 }.Select(value => bench.Set(A, value).Fires()));
    }

    [Fact]
    public void CrossesAbove_NeedsNotAboveBefore_AndEqualIsNotAbove()
    {
        // below, equal, above, above, equal, above, below, above
        var bench = new RuleBench("buy when sma(1) crosses above sma(2)");
        Assert.Equal(
            [false, false, true, false, false, true, false, true],
            new double[] { 1, 2, 3, 4, 2, 3, 1, 3 }.Select(value => bench.Set(A, value).Set(B, 2).Fires()));
    }

    [Fact]
    public void CrossesBelow_IsTheMirrorOfCrossesAbove()
    {
        var bench = new RuleBench("sell when sma(1) crosses below 2");
        Assert.Equal(
            [false, false, true, false, false, true, false, true],
            new double[] { 3, 2, 1, 0, 2, 1, 3, 1 }.Select(value => bench.Set(A, value).Fires()));
    }

    [Fact]
    public void FirstRelationEverSeen_IsNoCrossing()
    {
        var bench = new RuleBench("buy when sma(1) crosses above 2");
        Assert.Equal([false, false], new double?[] { null, 3 }.Select(value => bench.Set(A, value).Fires()));
        Assert.False(new RuleBench("buy when not (sma(1) crosses above 2)").Set(A, 3).Fires());
    }

    [Fact]
    public void AbsentValueBetween_DoesNotHideACrossing()
    {
        var bench = new RuleBench("buy when sma(1) crosses above 2");
        Assert.Equal([false, false, false, true], new double?[] { 1, null, null, 3 }.Select(value => bench.Set(A, value).Fires()));
    }

    [Fact]
    public void CrossingOnALargerFrame_IsTrueOnlyWhereThatFrameHasNewValues()
    {
        // "close > 0" is false every other minute, so that the rule may fire whenever the crossing is true.
        var bench = new RuleBench("buy when sma(1)@5min crosses above sma(2)@5min and close@1min > 1");
        var fired = new List<int>();
        for (var minute = 0; minute < 15; minute++)
        {
            if (minute % 5 == 0) bench.Set("sma(1)@5min", minute == 5 ? 3 : 1).Set("sma(2)@5min", 2);
            if (bench.Close(Frame.OneMinute, minute, 2).Fires()) fired.Add(minute);
        }

        Assert.Equal([5], fired);
    }

    [Fact]
    public void CrossingMissedByTheOtherSideOfAnd_IsNotMadeUpLater()
    {
        var bench = new RuleBench("buy when sma(1) crosses above 2 and sma(2) > 0");
        Assert.False(bench.Set(A, 1).Set(B, -1).Fires());
        Assert.False(bench.Set(A, 3).Set(B, -1).Fires());
        Assert.False(bench.Set(A, 3).Set(B, 1).Fires());
        Assert.False(bench.Set(A, 1).Set(B, 1).Fires());
        Assert.True(bench.Set(A, 3).Set(B, 1).Fires());
    }

    [Fact]
    public void CrossingBehindATrueOr_IsStillWatched()
    {
        var bench = new RuleBench("buy when sma(2) > 0 or sma(1) crosses above 2");
        Assert.True(bench.Set(B, 1).Set(A, 1).Fires());
        Assert.False(bench.Set(B, 1).Set(A, 3).Fires());
        Assert.False(bench.Set(B, -1).Set(A, 3).Fires()); // without an evaluation of the crossing, it would appear to happen now
    }

    [Fact]
    public void ForThreeBars_FiresAtTheThirdInARow()
    {
        var bench = new RuleBench("buy when sma(1) > 0 for 3 bars");
        Assert.Equal(
            [false, false, false, false, false, true, false, false, false, false, true],
            new double?[] { 1, 1, -1, 1, 1, 1, 1, null, 1, 1, 1 }.Select(value => bench.Set(A, value).Fires()));
    }

    [Fact]
    public void NotForThreeBars_IsTrueWhileAFalseBarIsAmongTheThree_AndUnknownBeforeThereAreThree()
    {
        Assert.Equal([false, false, false], Run(1, 1, 1));
        Assert.Equal([true, false, false], Run(-1, 1, 1));
        Assert.Equal([false, false, false, true], Run(1, 1, 1, -1));
        Assert.Equal([false, true], Run(null, -1));

        static IEnumerable<bool> Run(params double?[] values)
        {
            var bench = new RuleBench("buy when not (sma(1) > 0 for 3 bars)");
            return [.. values.Select(value => bench.Set(A, value).Fires())];
        }
    }

    [Fact]
    public void ForTwoBarsOfALargerFrame_CountsItsBarsAndNotTheEvaluations()
    {
        var bench = new RuleBench("buy when close > 1 for 2 bars on 5min and close@1min > 0");
        var fired = new List<int>();
        for (var minute = 1; minute <= 20; minute++)
        {
            if (minute % 5 == 0) bench.Close(Frame.FiveMinutes, minute, price: minute == 5 ? 1 : 2);
            if (bench.Close(Frame.OneMinute, minute, 1).Fires()) fired.Add(minute);
        }

        Assert.Equal([15], fired);
    }

    [Fact]
    public void Cooldown_EndsWhenThatMuchExchangeTimeHasPassed()
    {
        var minute = Timestamp.Minute;
        Assert.Equal(
            [true, false, false, false, true, false, false],
            Run(
                "cooldown 10min", (1, 0), (0, 1), (1, minute), (0, 2 * minute), (1, 10 * minute), (0, 11 * minute),
                (1, (20 * minute) - 1)));
        Assert.Equal([true, false, true, false, true], Run("", (1, 0), (0, 0), (1, 0), (0, 0), (1, 0)));
        Assert.Equal([true, false, false], Run("cooldown 1s", (1, minute), (0, 0), (1, 0))); // the time of a late price is earlier still

        static IEnumerable<bool> Run(string cooldown, params (double Value, long Time)[] steps)
        {
            var bench = new RuleBench($"buy when sma(1) > 0 {cooldown}");
            return [.. steps.Select(step => bench.Set(A, step.Value).Fires(step.Time))];
        }
    }

    [Fact]
    public void EdgeInsideTheCooldown_IsSkippedAndNotPutOff()
    {
        var bench = new RuleBench("buy when sma(1) > 0 cooldown 10s");
        Assert.True(bench.Set(A, 1).Fires(0));
        Assert.False(bench.Set(A, -1).Fires(1 * Timestamp.Second));
        Assert.False(bench.Set(A, 1).Fires(9 * Timestamp.Second));
        Assert.False(bench.Set(A, 1).Fires(11 * Timestamp.Second));
        Assert.False(bench.Set(A, -1).Fires(12 * Timestamp.Second));
        Assert.True(bench.Set(A, 1).Fires(13 * Timestamp.Second));
    }

    [Fact]
    public void Cooldown_HoldsAcrossTheWholeRangeOfTime()
    {
        var bench = new RuleBench("buy when sma(1) > 0 cooldown 36500days");
        Assert.True(bench.Set(A, 1).Fires(long.MinValue));
        Assert.False(bench.Set(A, -1).Fires(0));
        Assert.True(bench.Set(A, 1).Fires(long.MaxValue));
    }

    [Fact]
    public void BarFields_AreThoseOfTheLastClosedBar()
    {
        var bench = new RuleBench("alert when open = 10 and high = 12 and low = 9 and close = 11 and price = 11 and volume = 4.5 on 5min");
        Assert.False(bench.Fires());
        var bar = Bar.Of(1, 0, 10 * Fixed8.One, Fixed8.One);
        bar.Add(12 * Fixed8.One, Fixed8.One);
        bar.Add(9 * Fixed8.One, Fixed8.One);
        bar.Add(11 * Fixed8.One, (3 * Fixed8.One) / 2);
        Assert.True(bench.Close(Frame.FiveMinutes, bar).Fires());
    }

    [Theory]
    [InlineData("close + 1 = 5", true)]
    [InlineData("close - 1 - 1 = 2", true)]
    [InlineData("close - (1 - 1) = 4", true)]
    [InlineData("2 + close * 3 = 14", true)]
    [InlineData("(2 + close) * 3 = 18", true)]
    [InlineData("close / 2 / 2 = 1", true)]
    [InlineData("-close = -4", true)]
    [InlineData("-(close - 5) = 1", true)]
    [InlineData("close / 0 > 1", false)]
    [InlineData("not (close / 0 > 1)", false)]
    [InlineData("1 / (1 / (close - close)) = 0", false)]
    [InlineData("1e308 * close > 1", false)]
    public void Arithmetic_FollowsTheUsualOrder_AndWhatIsNotFiniteIsAbsent(string condition, bool fires) =>
        Assert.Equal(fires, new RuleBench($"buy when {condition}").Close(Frame.OneMinute, 1, 4).Fires());

    [Fact]
    public void Operands_NameEachValueOnceWithItsFrame_AndReadIt()
    {
        var bench = new RuleBench("buy when sma(1) > 3 and (close > sma(1) or sma(2)@1hour < -close) and 3 < 2 * volume");
        Assert.Equal(["sma(1)@1min", "close@1min", "sma(2)@1hour", "volume@1min"], bench.Rule.Operands.Select(operand => operand.Name));
        bench.Set(A, 3.25).Close(Frame.OneMinute, 1, 7.5, volume: 2);
        Assert.Equal([3.25, 7.5, double.NaN, 2], [.. bench.Rule.Operands.Select(operand => operand.Read(bench.Words))]);
        Assert.Equal(Frame.OneMinute, bench.Rule.Frame);
    }

    [Fact]
    public void Evaluation_AllocatesNothing()
    {
        var bench = new RuleBench(
            "buy when not (sma(1) crosses above 2 * close) and (sma(2) + 1 > -volume for 3 bars or close@5min > 1 for 2 bars) "
            + "cooldown 1min");
        Evaluate(1_000);
        var fired = 0;
        Assert.Equal(0, Allocations.Of(() => fired = Evaluate(10_000)));
        Assert.True(fired > 0);

        int Evaluate(int times)
        {
            var count = 0;
            var words = bench.Words;
            for (var i = 0; i < times; i++)
            {
                bench.Set(A, i % 7).Set(B, i % 5).Close(Frame.OneMinute, i + 1, 1 + (i % 3))
                    .Close(Frame.FiveMinutes, 1 + (i / 5), 1 + (i % 2));
                if (bench.Rule.Evaluate(words, i * Timestamp.Second)) count++;
            }

            return count;
        }
    }
}
