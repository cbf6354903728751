using ActorTrading.Domain.Bars;

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

        // The runtime itself may allocate here while it still compiles; what a step allocates, it allocates each time.
        var allocated = Enumerable.Range(0, 5).Select(_ => AllocatedBy(runner, bars)).ToArray();

        Assert.Contains(0, allocated);
    }

    private static long AllocatedBy(IndicatorRunner runner, Bar[] bars)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < bars.Length; i++) runner.Step(bars[i]);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
