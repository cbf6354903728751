using System.Text;
using ActorTrading.Engine.Ingest;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>Clients that are refused more than they read.</summary>
public abstract class SlowReaderSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientThatReads_HearsEveryRefusal_HoweverFastItSends(bool binary)
    {
        const int Count = 50_000;
        await using var listener = await SharedListener.OpenAsync(listeners, new IngestOptions { MaxPendingOutput = 4_096 });
        using var client = await listener.ConnectAsync("feed-1");
        var records = Ticks.Many(Count, badEvery: 1);
        var sending = client.SendAsync(binary ? Ticks.Binary(records, batchBytes: 32_768) : Ticks.Text(records));
        for (var seq = 1; seq <= Count; seq++)
            Assert.StartsWith($$$"""{"reject":{"seq":{{{seq}}},""", await client.LineWithAsync("reject"));
        await client.LineWithAsync($$"""{"ack":{{Count}},"handled":{{Count}}}""");
        await sending;
        await listener.NeighbourGoesOnAsync();
        Assert.Equal($"{Count} = 0 + {Count}", await listener.LedgerOfAsync("feed-1"));
    }

    [Fact]
    public async Task ServerThatIsStopped_DoesNotWaitForOneThatNeverReads()
    {
        var time = new ManualTime();
        await using var listener = await SharedListener.OpenAsync(listeners, time: time);
        using var client = await listener.ConnectAsync("feed-1");
        client.Socket.ReceiveBufferSize = 16 * 1024;
        var sending = client.SendAsync(Refused(4_000_000));
        await Until.True(() => listener.Listener.Connections.Any(status => status.InFlight > 40), "its answers do not get away");
        var stopping = listener.Listener.StopAsync();
        await Until.True(time, TimeSpan.FromSeconds(1), () => stopping.IsCompleted, "it is stopped");
        await stopping;
        Assert.All(listener.Closed, status => Assert.Equal(IngestError.ShuttingDown, status.Error?.Code));
        client.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
    }

    [Fact]
    public async Task ClientThatNeverReads_IsNotReadAnyMore_AndClosedAfterHalfAMinute()
    {
        const int Lines = 4_000_000;
        var time = new ManualTime();
        await using var listener = await SharedListener.OpenAsync(listeners, time: time);
        using var client = await listener.ConnectAsync("feed-1");
        client.Socket.ReceiveBufferSize = 16 * 1024;
        var sending = client.SendAsync(Refused(Lines));
        await Until.True(time, TimeSpan.FromSeconds(1), () => listener.Closed.Count == 1, "it is closed");
        await listener.NeighbourGoesOnAsync();
        var status = Assert.Single(listener.Closed);
        Assert.Equal(IngestError.SlowReader, status.Error?.Code);
        Assert.InRange(status.Rejected, 1, Lines / 8); // its socket, a few answers, and what may be in flight
        Assert.Equal($"{status.Rejected} = 0 + {status.Rejected}", await listener.LedgerOfAsync("feed-1"));
        client.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
    }

    private static byte[] Refused(int lines) => Encoding.ASCII.GetBytes(new StringBuilder(2 * lines).Insert(0, "?\n", lines).ToString());
}
