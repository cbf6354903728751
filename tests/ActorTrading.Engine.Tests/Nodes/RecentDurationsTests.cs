using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Telemetry;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Nodes;

public class RecentDurationsTests
{
    private readonly ManualTime time = new();
    private readonly RecentDurations durations;

    public RecentDurationsTests() => durations = new RecentDurations(time);

    [Fact]
    public void Nothing_IsNone() => Assert.Equal(CommitTimes.None, durations.Read());

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.037)]
    [InlineData(1.7)]
    [InlineData(250)]
    [InlineData(61_000)]
    public void Quantiles_AreAtMostAnEighthAboveWhatWasMeasured(double milliseconds)
    {
        for (var i = 0; i < 98; i++) durations.Add(TimeSpan.FromMilliseconds(milliseconds));
        durations.Add(TimeSpan.FromMilliseconds(milliseconds * 10));
        durations.Add(TimeSpan.FromMilliseconds(milliseconds * 10));
        var (count, p50, p99) = durations.Read();
        Assert.Equal(100, count);
        Assert.InRange(p50.TotalMilliseconds, milliseconds, milliseconds * 1.125);
        Assert.InRange(p99.TotalMilliseconds, milliseconds * 10, milliseconds * 11.25);
    }

    [Fact]
    public void OneOfAHundred_IsBeyondTheLast()
    {
        for (var i = 0; i < 99; i++) durations.Add(TimeSpan.FromMicroseconds(5));
        durations.Add(TimeSpan.FromHours(50)); // longer than any size
        Assert.Equal(TimeSpan.FromMicroseconds(5), durations.Read().P99);
    }

    [Fact]
    public void WhatIsOlderThanAMinute_IsForgotten()
    {
        durations.Add(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(30));
        durations.Add(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, durations.Read().Count);
        time.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal(1, durations.Read().Count);
        time.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(CommitTimes.None, durations.Read());
        durations.Add(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, durations.Read().Count);
    }

    [Fact]
    public void ManyThreads_LoseNothing()
    {
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++) durations.Add(TimeSpan.FromMicroseconds(i));
        });
        Assert.Equal(80_000, durations.Read().Count);
    }
}
