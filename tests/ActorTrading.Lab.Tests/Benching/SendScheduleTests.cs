using ActorTrading.Host.Feeding;
using ActorTrading.Lab.Benching;

namespace ActorTrading.Lab.Tests.Benching;

public sealed class SendScheduleTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void SenderThatWasHeldUp_CountsTheTimeForWhichItWas()
    {
        // Ten per second; one second is missed, and its records are sent and acknowledged at its end.
        var schedule = new SendSchedule(10);
        var latencies = new LatencyHistogram();
        Assert.Equal(11, schedule.DueBy(Second));
        schedule.Send(11, Second);
        schedule.Take(0, 11, Second, beginning: 0, latencies);

        Assert.Equal(11, latencies.Count);
        Assert.Equal(Second, latencies.Max);
        Assert.InRange(latencies.Percentile(0.5), Second / 2, (Second / 2) + (Second / 200));
    }

    [Fact]
    public void WithoutARate_TheMomentOfSendingCounts()
    {
        var schedule = new SendSchedule(null);
        var latencies = new LatencyHistogram();
        schedule.Send(100, 1_000);
        schedule.Send(300, 5_000);
        schedule.Take(0, 150, 6_000, beginning: 0, latencies);
        schedule.Take(150, 300, 7_000, beginning: 0, latencies);

        Assert.Equal(long.MaxValue, schedule.DueBy(0));
        Assert.Equal(300, latencies.Count);
        Assert.Equal(5_000, latencies.Max); // the hundred that were sent at 1,000
        Assert.InRange(latencies.Percentile(0.1), 1_000, 1_010);
        Assert.InRange(latencies.Percentile(0.5), 2_000, 2_020);
    }

    [Fact]
    public void WarmUp_DoesNotCount()
    {
        var schedule = new SendSchedule(10);
        var latencies = new LatencyHistogram();
        schedule.Take(0, 20, 2 * Second, beginning: Second, latencies);

        Assert.Equal(10, latencies.Count);
        Assert.Equal(Second, latencies.Max);
    }
}
