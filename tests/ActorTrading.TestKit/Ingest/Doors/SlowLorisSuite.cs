using ActorTrading.Engine.Ingest;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Doors;

/// <summary>Many clients that send a byte now and then, so that nothing ever ends.</summary>
public abstract class SlowLorisSuite<TDoors>(TDoors doors) : IClassFixture<TDoors>
    where TDoors : class, IDoors
{
    private const int Each = 40;

    [Fact]
    public async Task ByteNowAndThen_IsClosedInTime_InALineAndAFrame()
    {
        var time = new ManualTime();
        await using var door = await AbusedDoor.OpenAsync(doors, time: time);
        var frames = Ticks.Binary(Ticks.Many(3));
        var slow = new List<(LineClient Client, byte[] Bytes)>();
        try
        {
            for (var i = 0; i < Each; i++)
            {
                slow.Add((await door.ConnectAsync($"text-{i}"), Ticks.Text(Ticks.Many(1))));
                slow.Add((await door.ConnectAsync($"frames-{i}"), frames[4..]));
                await slow[^1].Client.SendAsync(frames.AsMemory(0, 4)); // the mark of the stream is none of its frames
                await slow[^1].Client.IsReadAsync(door.Door);
            }

            for (var n = 0; n < 6; n++)
            {
                foreach (var one in slow) await one.Client.SendAsync(one.Bytes.AsMemory(n, 1));
                foreach (var one in slow) await one.Client.IsReadAsync(door.Door);
                await door.NeighbourGoesOnAsync();
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

        await door.OthersHaveGoneAsync();
        await door.NeighbourGoesOnAsync();
        Assert.All(door.Closed, status => Assert.Equal((IngestError.TooSlow, 0L), (status.Error?.Code, status.Records)));
    }

    [Fact]
    public async Task ByteByByteInTime_IsAcknowledgedLikeAnyOther()
    {
        await using var door = await AbusedDoor.OpenAsync(doors);
        using var client = await door.ConnectAsync("feed-1");
        foreach (var one in Ticks.Binary(Ticks.Many(3, badEvery: 2))) await client.SendAsync((byte[])[one]);
        await client.LineWithAsync("""{"reject":{"seq":2,""");
        await client.LineWithAsync("""{"ack":3,"handled":3}""");
        await door.NeighbourGoesOnAsync();
        Assert.Equal("3 = 2 + 1", await door.LedgerOfAsync("feed-1"));
    }
}
