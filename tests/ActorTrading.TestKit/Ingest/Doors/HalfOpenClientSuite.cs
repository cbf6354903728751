using ActorTrading.Engine.Ingest;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Doors;

/// <summary>Clients that never send, never read and never close, as one whose machine has lost its power looks.</summary>
public abstract class HalfOpenClientSuite<TDoors>(TDoors doors) : IClassFixture<TDoors>
    where TDoors : class, IDoors
{
    [Fact]
    public async Task ClientThatIsGoneWithoutAWord_IsClosedAfterAnHour_WhetherItListensOrNot()
    {
        var time = new ManualTime();
        await using var door = await AbusedDoor.OpenAsync(doors, time: time);
        using var unnamed = await door.ConnectAsync(null);
        await unnamed.SendAsync(Ticks.Text(Ticks.Many(1)));
        using var named = await door.ConnectAsync("feed-1");
        using var within = await door.ConnectAsync("feed-2");
        await within.SendAsync(Ticks.Text(Ticks.Many(3)));
        await within.LineWithAsync("""{"ack":3,"handled":3}""");
        foreach (var client in new[] { unnamed, named, within }) await client.IsReadAsync(door.Door);

        time.Advance(TimeSpan.FromMinutes(59));
        await door.NeighbourGoesOnAsync();
        Assert.Equal(4, door.Door.Totals.Open);
        time.Advance(TimeSpan.FromMinutes(1));
        await named.LineWithAsync("\"code\":\"idle\"");
        await within.LineWithAsync("\"code\":\"idle\"");
        await Until.True(time, TimeSpan.FromSeconds(2), () => door.Door.Totals.Open == 1, "they do not close, and are closed all the same");
        await door.NeighbourGoesOnAsync();
        Assert.All(door.Closed, status => Assert.Equal(IngestError.Idle, status.Error?.Code));

        Assert.Null(await unnamed.LineAsync()); // without a hello, without a word
        Assert.Equal("3 = 3 + 0", await door.LedgerOfAsync("feed-2"));
    }
}
