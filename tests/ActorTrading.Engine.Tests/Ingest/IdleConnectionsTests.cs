using System.Globalization;
using ActorTrading.TestKit.Ingest;
using Xunit.Abstractions;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Ten thousand connections on which nothing happens.</summary>
[Collection(AloneCollection.Name)]
public class IdleConnectionsTests(ITestOutputHelper output)
{
    private const int Count = 10_000;
    private const int BytesEach = 16 * 1024; // of managed memory

    [SkippableFact]
    public async Task TenThousandIdleConnections_TakeSixteenKilobytesEachAtMost_AndTheirNeighbourIsServed()
    {
        Skip.If(Descriptors() < Count + 500, "This process may not have the open files that ten thousand connections take.");
        await using var listener = await SharedListener.OpenAsync(new Listeners());
        await listener.NeighbourGoesOnAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var idle = new IdleClients(listener.Listener.Address.Port, Count);
        await idle.ConnectedAsync();
        await Until.True(() => listener.Listener.Totals.Open == Count + 1, "all are there");
        for (var i = 0; i < 10; i++) await listener.NeighbourGoesOnAsync();
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        output.WriteLine($"{each} bytes of managed memory each");
        Assert.InRange(each, 0, BytesEach);
        Assert.Empty(listener.Closed);

        await idle.CloseAsync();
        await listener.OthersHaveGoneAsync();
        Assert.Equal(Count, listener.Closed.Count);
        Assert.All(listener.Closed, status => Assert.Null(status.Error));
        await listener.NeighbourGoesOnAsync();
    }

    /// <summary>How many open files this process may have; none where the system does not tell.</summary>
    private static long Descriptors()
    {
        const string Limits = "/proc/self/limits";
        var line = File.Exists(Limits)
            ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            : null;
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return soft == "unlimited" ? long.MaxValue
            : long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
            : 0;
    }
}
