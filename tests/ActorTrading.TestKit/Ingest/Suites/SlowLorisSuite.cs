using ActorTrading.Engine.Ingest;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>Many clients that send a byte now and then, so that nothing ever ends.</summary>
public abstract class SlowLorisSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    private const int Each = 40;

    [Fact]
    public async Task ByteNowAndThen_IsClosedInTime_InALineAndAFrame()
    {
        var time = new ManualTime();
        await using var listener = await SharedListener.OpenAsync(listeners, time: time);
        var frames = Ticks.Binary(Ticks.Many(3));
        var slow = new List<(LineClient Client, byte[] Bytes)>();
        try
        {
            for (var i = 0; i < Each; i++)
            {
                slow.Add((await listener.ConnectAsync($"text-{i}"), Ticks.Text(Ticks.Many(1))));
                slow.Add((await listener.ConnectAsync($"frames-{i}"), frames[4..]));
                await slow[^1].Client.SendAsync(frames.AsMemory(0, 4)); // the mark of the stream is not one of its frames
                await slow[^1].Client.IsReadAsync(listener.Listener);
            }

            for (var n = 0; n < 6; n++)
            {
                foreach (var one in slow) await one.Client.SendAsync(one.Bytes.AsMemory(n, 1));
                foreach (var one in slow) await one.Client.IsReadAsync(listener.Listener);
                await listener.NeighbourGoesOnAsync();
                time.Advance(TimeSpan.FromSeconds(5));
            }

            foreach (var one in slow)
            {
                await one.Client.LineWithAsync("\"code\":\"too_slow\"");
                Assert.Null(await one.Client.LineAsync());
            }
        }
        finally
        {
            foreach (var one in slow) one.Client.Dispose();
        }

        await listener.OthersHaveGoneAsync();
        await listener.NeighbourGoesOnAsync();
        Assert.All(listener.Closed, status => Assert.Equal((IngestError.TooSlow, 0L), (status.Error?.Code, status.Records)));
    }

    [Fact]
    public async Task ByteByByteInTime_IsAcknowledgedLikeAnyOther()
    {
        await using var listener = await SharedListener.OpenAsync(listeners);
        using var client = await listener.ConnectAsync("feed-1");
        foreach (var one in Ticks.Binary(Ticks.Many(3, badEvery: 2))) await client.SendAsync((byte[])[one]);
        await client.LineWithAsync("""{"reject":{"seq":2,""");
        await client.LineWithAsync("""{"ack":3,"handled":3}""");
        await listener.NeighbourGoesOnAsync();
        Assert.Equal("3 = 2 + 1", await listener.LedgerOfAsync("feed-1"));
    }
}
