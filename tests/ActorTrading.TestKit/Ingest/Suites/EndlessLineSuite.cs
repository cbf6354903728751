using System.Text;
using System.Text.Json;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>A line far longer than any record.</summary>
public abstract class EndlessLineSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    private const long Megabytes = 1024;
    private const long MostAllocated = 16L << 20;

    [Fact]
    public async Task LineOfAGigabyte_IsRefusedAndItsStartKept_InNextToNoMemory_AndTheNextLineCounts()
    {
        using var folder = new TemporaryFolder();
        // However long this machine takes.
        await using var listener = await SharedListener.OpenAsync(listeners, time: new ManualTime(), folder: folder.Path);
        using var client = await listener.ConnectAsync("feed-1");
        var block = new byte[1 << 20];
        block.AsSpan().Fill((byte)'x');
        await client.SendAsync("{\"symbol\":\"");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Megabytes; i++) await client.SendAsync(block);
        await Until.True(() => listener.Listener.Totals.BytesIn > Megabytes << 20, "it was read");
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, MostAllocated);
        await listener.NeighbourGoesOnAsync();

        await client.SendAsync("\n");
        await client.SendAsync(Ticks.Text(Ticks.Many(1)));
        var value = $"{(Megabytes << 20) + 11} bytes; the limit is 65536";
        await client.LineWithAsync($$$"""{"reject":{"line":2,"reason":"line_too_long","field":"line","value":"{{{value}}}"}}""");
        await client.LineWithAsync("""{"ack":1,"handled":2}""");
        Assert.Equal("2 = 1 + 1", await listener.LedgerOfAsync("feed-1"));
        using var kept = JsonDocument.Parse(Assert.Single(Directory.GetFiles(folder.File("quarantine")).SelectMany(File.ReadLines)));
        Assert.Equal(value, kept.RootElement.GetProperty("value").GetString());
        Assert.Equal("{\"symbol\":\"" + new string('x', 244) + "…", kept.RootElement.GetProperty("raw").GetString());
    }

    [Fact]
    public async Task LineThatDoesNotEnd_IsClosedInTime_HoweverMuchOfItComes()
    {
        var time = new ManualTime();
        await using var listener = await SharedListener.OpenAsync(listeners, time: time);
        using var client = await listener.ConnectAsync("feed-1");
        var block = Encoding.ASCII.GetBytes(new string('x', 1 << 20));
        for (var i = 1; i <= 6; i++)
        {
            await client.SendAsync(block);
            await client.IsReadAsync(listener.Listener);
            time.Advance(TimeSpan.FromSeconds(5)); // bytes in plenty do not help a line that does not end
            await listener.NeighbourGoesOnAsync();
        }

        await client.LineWithAsync("\"code\":\"too_slow\"");
        Assert.Null(await client.LineAsync());
    }
}
