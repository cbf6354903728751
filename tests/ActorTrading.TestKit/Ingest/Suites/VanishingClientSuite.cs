using System.Net.Sockets;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>Clients that go in the middle of something.</summary>
public abstract class VanishingClientSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ClientThatVanishesWithinALineOrFrame_LeavesWhatWasWhole(bool binary, bool resets)
    {
        await using var listener = await SharedListener.OpenAsync(listeners);
        for (var round = 1; round <= 20; round++)
        {
            using var client = await listener.ConnectAsync($"feed-{round}");
            var whole = binary ? Ticks.Binary(Ticks.Many(3), batchBytes: 1) : Ticks.Text(Ticks.Many(3));
            var more = binary ? Ticks.Binary(Ticks.Many(4), batchBytes: 1) : Ticks.Text(Ticks.Many(4));
            var part = 1 + (round % (more.Length - whole.Length - 2)); // less than the fourth, its line end not counted
            await client.SendAsync(whole);
            await client.LineWithAsync("""{"ack":3,"handled":3}"""); // a reset may destroy what was not read yet
            await client.SendAsync(more.AsMemory(whole.Length, part));
            await client.IsReadAsync(listener.Listener);
            if (resets) client.Socket.LingerState = new LingerOption(true, 0);
        }

        await listener.OthersHaveGoneAsync();
        await listener.NeighbourGoesOnAsync();
        for (var round = 1; round <= 20; round++)
        {
            // Of an end in good order, what it cut short is counted; of a reset, nothing more is known.
            Assert.Equal(resets ? "3 = 3 + 0" : "4 = 3 + 1", await listener.LedgerOfAsync($"feed-{round}"));
        }
    }
}
