using ActorTrading.Engine.Nodes;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Nodes;

public class RateMeterTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void AskedOnceASecond_ItTellsOfTheLastFive()
    {
        var meter = new RateMeter(time);
        var count = 0.0;
        foreach (var more in (double[])[1_000, 0, 0, 0, 0, 0, 100, 100]) Read(more);
        Assert.Equal(40, meter.Read(count)); // 200 in five seconds

        void Read(double more)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            meter.Read(count += more);
        }
    }

    [Fact]
    public void AskedAgainAtOnce_ItTellsTheSame()
    {
        var meter = new RateMeter(time, 50);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(100, meter.Read(250));
        time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(100, meter.Read(9_999));
    }

    [Fact]
    public void NotAskedForLong_ItTellsOfAllThatTime()
    {
        var meter = new RateMeter(time);
        time.Advance(TimeSpan.FromSeconds(1));
        meter.Read(10);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(10, meter.Read(610));
    }

    [Fact]
    public void CountThatBeginsAnew_IsNoNegativeRate()
    {
        var meter = new RateMeter(time, 100);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, meter.Read(3));
    }
}
