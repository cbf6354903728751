using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

public class AllocationTests
{
    public static TheoryData<string> Calls => [.. EveryIndicator.Calls];

    [Theory]
    [MemberData(nameof(Calls))]
    public void TenThousandSteps_AllocateNothing(string indicator)
    {
        var bars = MarketBars.RandomWalk(10_000, seed: 8);
        var runner = new IndicatorRunner(indicator);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < bars.Length; i++) runner.Step(bars[i]);
        }));
    }
}
