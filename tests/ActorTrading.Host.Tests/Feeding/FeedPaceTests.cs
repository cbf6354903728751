using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Feeding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Feeding;

public sealed class FeedPaceTests
{
    private readonly SteppedTime time = new();

    [Fact]
    public void Rate_GivesEachRecordItsMoment()
    {
        var pace = FeedPace.PerSecond(100, time);
        Assert.Equal(TimeSpan.Zero, pace.WaitFor(At(0)));
        Assert.Equal(TimeSpan.FromMilliseconds(10), pace.WaitFor(At(0)));
        time.Advance(TimeSpan.FromMilliseconds(15));
        Assert.Equal(TimeSpan.FromMilliseconds(5), pace.WaitFor(At(0)));
    }

    [Fact]
    public void RecordsThatWereHeldUp_AreCaughtUp()
    {
        var pace = FeedPace.PerSecond(1_000, time);
        pace.WaitFor(At(0));
        time.Advance(TimeSpan.FromSeconds(1)); // the node was slow
        for (var i = 1; i <= 1_000; i++) Assert.True(pace.WaitFor(At(0)) <= TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromMilliseconds(1), pace.WaitFor(At(0)));
    }

    [Fact]
    public void RealTime_KeepsTheRhythmOfTheStamps_AndLateReportsGoAtOnce()
    {
        var pace = FeedPace.RealTime(time);
        Assert.Equal(TimeSpan.Zero, pace.WaitFor(At(1_000)));
        Assert.Equal(TimeSpan.FromSeconds(5), pace.WaitFor(At(1_005)));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(pace.WaitFor(At(1_003)) < TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(1), pace.WaitFor(At(1_006)));
    }

    [Fact]
    public void NightBetweenTwoDays_IsWaitedFor()
    {
        var pace = FeedPace.RealTime(time);
        pace.WaitFor(At(0));
        Assert.Equal(TimeSpan.FromHours(17), pace.WaitFor(At(17 * 3_600)));
    }

    [Fact]
    public void Max_NeverWaits()
    {
        var pace = FeedPace.Max();
        Assert.Equal(TimeSpan.Zero, pace.WaitFor(At(0)));
        Assert.Equal(TimeSpan.Zero, pace.WaitFor(At(3_600)));
    }

    private static Record At(long second) => Record.OfTick(
        Symbol.Parse("AAPL"), Identity.Anonymous, new Timestamp(Timestamp.OfDate(2024, 7, 9).Nanoseconds + (second * Timestamp.Second)),
        Fixed8.One, Fixed8.One);

    private sealed class SteppedTime : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan by) => now += by.Ticks;
    }
}
