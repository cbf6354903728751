using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests;

/// <summary>The wall clock closes the bars of symbols without records, and only moves forward.</summary>
public class BarClockTests
{
    private static readonly DateTimeOffset Midnight = new(2024, 7, 9, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task EachBoundary_IsToldOnce_AfterItsGrace()
    {
        var time = new SetTime(Midnight.AddSeconds(30));
        var engine = ToldEngine.New(["1min", "5min"]);
        await using var clock = new BarClock(engine, TimeSpan.FromSeconds(2), time);
        time.Advance(TimeSpan.FromSeconds(31.9));
        Assert.Empty(ToldEngine.Of(engine));
        time.Advance(TimeSpan.FromSeconds(0.1));
        await Until.True(() => ToldEngine.Of(engine).Count == 1, "the first boundary is told");
        Assert.Equal(Midnight.AddMinutes(1), At(ToldEngine.Of(engine)[0]));
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            var count = i + 2;
            await Until.True(() => ToldEngine.Of(engine).Count == count, "the next one is told");
        }

        Assert.Equal(Enumerable.Range(1, 4).Select(minute => Midnight.AddMinutes(minute)), ToldEngine.Of(engine).Select(At));
        Assert.Equal(Midnight.AddMinutes(4), At(clock.Last));
    }

    [Fact]
    public async Task ShortestFrameOfAnySymbol_SetsTheStep()
    {
        var time = new SetTime(Midnight);
        var engine = ToldEngine.New(["1hour"], ""","symbols":{"AAPL":{"frames":["1s"]}}""");
        await using var clock = new BarClock(engine, TimeSpan.Zero, time);
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.True(() => clock.Last.Nanoseconds > 0 && At(clock.Last) == Midnight.AddSeconds(1), "after a second");
        Assert.Single(ToldEngine.Of(engine));
    }

    [Fact]
    public async Task ClockThatIsSetBack_SaysNothing_UntilItHasCaughtUp()
    {
        var time = new SetTime(Midnight.AddSeconds(59));
        var engine = ToldEngine.New(["1min"]);
        await using var clock = new BarClock(engine, TimeSpan.Zero, time);
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.True(() => ToldEngine.Of(engine).Count == 1, "the first boundary is told");
        time.SetBack(TimeSpan.FromMinutes(10));
        for (var minute = 0; minute < 10; minute++) time.Advance(TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromMinutes(1));
        await Until.True(() => ToldEngine.Of(engine).Count == 2, "it has caught up");
        Assert.Equal([Midnight.AddMinutes(1), Midnight.AddMinutes(2)], ToldEngine.Of(engine).Select(At));
    }

    [Fact]
    public async Task EngineThatStops_EndsIt()
    {
        var time = new SetTime(Midnight);
        var engine = ToldEngine.New(["1min"], fails: true);
        var clock = new BarClock(engine, TimeSpan.Zero, time);
        time.Advance(TimeSpan.FromMinutes(1));
        await clock.DisposeAsync().AsTask().WaitAsync(Until.Limit);
        Assert.Equal(Midnight, At(clock.Last));
    }

    private static DateTimeOffset At(Timestamp moment) => DateTimeOffset.UnixEpoch.AddTicks(moment.Nanoseconds / 100);

    /// <summary>A manual clock that can be set back.</summary>
    private sealed class SetTime(DateTimeOffset start) : TimeProvider
    {
        private readonly ManualTime manual = new();
        private TimeSpan by;

        public override long TimestampFrequency => manual.TimestampFrequency;

        public override long GetTimestamp() => manual.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + (manual.GetUtcNow() - Midnight) - by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            manual.CreateTimer(callback, state, dueTime, period);

        public void Advance(TimeSpan forward) => manual.Advance(forward);

        public void SetBack(TimeSpan back) => by += back;
    }
}
