using System.Net.Sockets;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Clients that go in the middle of something.</summary>
public class VanishingClientTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ClientThatVanishesWithinALineOrFrame_LeavesWhatWasWhole(bool binary, bool resets)
    {
        await using var door = await AbusedDoor.OpenAsync();
        for (var round = 1; round <= 20; round++)
        {
            using var client = await door.ConnectAsync($"feed-{round}");
            var whole = binary ? Ticks.Binary(Ticks.Many(3), batchBytes: 1) : Ticks.Text(Ticks.Many(3));
            var more = binary ? Ticks.Binary(Ticks.Many(4), batchBytes: 1) : Ticks.Text(Ticks.Many(4));
            var part = 1 + (round % (more.Length - whole.Length - 2)); // less than the fourth, its line end not counted
            await client.SendAsync(whole);
            await client.LineWithAsync("""{"ack":3,"handled":3}"""); // a reset may destroy what was not read yet
            var before = door.Listener.Totals.BytesIn;
            await client.SendAsync(more.AsMemory(whole.Length, part));
            await Until.True(() => door.Listener.Totals.BytesIn == before + part, "it was read");
            if (resets) client.Socket.LingerState = new LingerOption(true, 0);
        }

        await door.OthersHaveGoneAsync();
        await door.NeighbourGoesOnAsync();
        for (var round = 1; round <= 20; round++)
        {
            // Of an end in good order, what it cut short is counted; of a reset, nothing more is known.
            Assert.Equal(resets ? "3 = 3 + 0" : "4 = 3 + 1", await door.LedgerOfAsync($"feed-{round}"));
        }
    }
}
