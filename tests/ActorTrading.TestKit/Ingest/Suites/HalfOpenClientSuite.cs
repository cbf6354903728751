using ActorTrading.Engine.Ingest;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>Clients that never send, never read and never close, as one whose machine has lost its power looks.</summary>
public abstract class HalfOpenClientSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    [Fact]
    public async Task ClientThatIsGoneWithoutAWord_IsClosedAfterAnHour_WhetherItListensOrNot()
    {
        var time = new ManualTime();
        await using var listener = await SharedListener.OpenAsync(listeners, time: time);
        using var unnamed = await listener.ConnectAsync(null);
        await unnamed.SendAsync(Ticks.Text(Ticks.Many(1)));
        using var named = await listener.ConnectAsync("feed-1");
        using var within = await listener.ConnectAsync("feed-2");
        await within.SendAsync(Ticks.Text(Ticks.Many(3)));
        await within.LineWithAsync("""{"ack":3,"handled":3}""");
        foreach (var client in new[] { unnamed, named, within }) await client.IsReadAsync(listener.Listener);

        time.Advance(TimeSpan.FromMinutes(59));
        await listener.NeighbourGoesOnAsync();
        Assert.Equal(4, listener.Listener.Totals.Open);
        time.Advance(TimeSpan.FromMinutes(1));
        await named.LineWithAsync("\"code\":\"idle\"");
        await within.LineWithAsync("\"code\":\"idle\"");
        await Until.True(time, TimeSpan.FromSeconds(2), () => listener.Listener.Totals.Open == 1, "they are closed");
        await listener.NeighbourGoesOnAsync();
        Assert.All(listener.Closed, status => Assert.Equal(IngestError.Idle, status.Error?.Code));

        Assert.Null(await unnamed.LineAsync()); // without a hello, without a word
        Assert.Equal("3 = 3 + 0", await listener.LedgerOfAsync("feed-2"));
    }
}
