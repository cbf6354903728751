using ActorTrading.Client;
using ActorTrading.Host.Feeding;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Tests.Feeding;

public sealed class FeedProgressTests
{
    [Fact]
    public async Task Line_TellsThePart_TheRate_AndTheLatenciesSinceTheLastOne()
    {
        var time = new OneSecondAGlance();
        await using var progress = new FeedProgress(time);
        progress.Next(new FeedStatus(0, 0, 0, 0, 0));
        progress.Report(new ReadProgress("market.bin", 50, 200));
        progress.OnLatency(TimeSpan.FromMilliseconds(4));
        Assert.Matches(
            @"^market\.bin: 25 %, 3,000 acknowledged, 3,000 a second, ack latency p50 4\.0 ms, p99 4\.0 ms, most 4\.0 ms$",
            progress.Next(new FeedStatus(5_000, 5_000, 3_000, 1, 0)));

        Assert.Equal("market.bin: 25 %, 5,000 acknowledged, 2,000 a second", progress.Next(new FeedStatus(5_000, 5_000, 5_000, 1, 0)));
        Assert.Matches("p50 4.0 ms", progress.Latencies);
    }

    /// <summary>A second passes with each reading of the clock.</summary>
    private sealed class OneSecondAGlance : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => now++;
    }
}
