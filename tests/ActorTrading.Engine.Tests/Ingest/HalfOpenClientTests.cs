using ActorTrading.Engine.Ingest;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Clients that never send, never read and never close, as one whose machine has lost its power looks.</summary>
public class HalfOpenClientTests
{
    [Fact]
    public async Task ClientThatIsGoneWithoutAWord_IsClosedAfterAnHour_WhetherItListensOrNot()
    {
        var time = new ManualTime();
        await using var door = await AbusedDoor.OpenAsync(time: time);
        using var silent = await door.ConnectAsync(null);
        using var named = await door.ConnectAsync("feed-1");
        using var within = await door.ConnectAsync("feed-2");
        await within.SendAsync(Ticks.Text(Ticks.Many(3)));
        await within.LineWithAsync("""{"ack":3,"handled":3}""");
        await Until.True(() => door.Listener.Totals.Open == 4, "all are there");

        time.Advance(TimeSpan.FromMinutes(59));
        await door.NeighbourGoesOnAsync();
        Assert.Equal(4, door.Listener.Totals.Open);
        time.Advance(TimeSpan.FromMinutes(1));
        await Until.True(() => door.Listener.Connections.Count(status => status.Error?.Code == IngestError.Idle) == 3, "they are told");
        await Until.True(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(2)); // they neither read it nor close: that is not waited for
                return door.Listener.Totals.Open == 1;
            },
            "they are closed all the same");
        await door.NeighbourGoesOnAsync();
        Assert.All(door.Closed, status => Assert.Equal(IngestError.Idle, status.Error?.Code));

        Assert.Null(await silent.LineAsync()); // without a hello, without a word
        await named.LineWithAsync("\"code\":\"idle\"");
        Assert.Equal("3 = 3 + 0", await door.LedgerOfAsync("feed-2"));
    }
}
