using System.Text;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>Binary streams that are none, or stop being one.</summary>
public abstract class BrokenFramesSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    [Theory]
    [InlineData(0)]
    [InlineData((byte)'0')]
    [InlineData((byte)'2')]
    [InlineData((byte)'\n')]
    [InlineData(255)]
    public async Task WrongVersionAfterTheMark_IsDamage_AndNothingIsTakenOfIt(byte version)
    {
        await using var listener = await SharedListener.OpenAsync(listeners);
        using var client = await listener.ConnectAsync("feed-1");
        await client.SendAsync((byte[])[.. "ATB"u8, version, .. Ticks.Binary(Ticks.Many(3)).AsSpan(4)]);
        Assert.StartsWith("""{"error":{"code":"damaged_stream","message":"byte """, await client.LineWithAsync("error"));
        Assert.Null(await client.LineAsync());
        client.Dispose();
        await listener.OthersHaveGoneAsync();
        await listener.NeighbourGoesOnAsync();
        Assert.Equal("1 = 0 + 1", await listener.LedgerOfAsync("feed-1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GarbageAfterGoodFrames_LeavesThemAcknowledged_AndNothingAfterItIsRead(bool saysHello)
    {
        await using var listener = await SharedListener.OpenAsync(listeners);
        using var client = await listener.ConnectAsync(saysHello ? "feed-1" : null);
        var good = Ticks.Binary(Ticks.Many(3));
        await client.SendAsync((byte[])[.. good, .. Encoding.ASCII.GetBytes("{\"symbol\":\"AAPL\"}\n"), .. good.AsSpan(4)]);
        if (saysHello)
        {
            await client.LineWithAsync("""{"ack":3,"handled":3}""");
            Assert.StartsWith("""{"error":{"code":"damaged_stream",""", await client.LineAsync());
        }

        Assert.Null(await client.LineAsync());
        client.Dispose();
        await listener.OthersHaveGoneAsync();
        await listener.NeighbourGoesOnAsync();
        Assert.Equal("4 = 3 + 1", await listener.LedgerOfAsync(saysHello ? "feed-1" : "-"));
    }
}
