using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Tests.Web;
using ActorTrading.Simulation;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Faults;

/// <summary>Tests that measure the whole process run alone.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneDefinition;

/// <summary>A node's memory does not grow with the accepted records, with slow and idle subscribers, too.</summary>
[Collection("alone")]
public sealed class MemoryTests
{
    private const int Ticks = 2_000_000;
    private const int Block = 4_096;
    // Pools and caches fill up to their limits. The records alone, if kept, would take a hundred megabytes.
    private const long MayGrow = 40L << 20;

    [Fact]
    public async Task TwoMillionTicks_WithASlowListenerAnIdleOneAndAFloodOfRefusals_LeaveMemoryAsItWas()
    {
        await using var running = await RunningNode.StartAsync(change: options => options with
        {
            // The slow subscriber must stay connected the whole time.
            Web = options.Web with { Timeout = TimeSpan.FromHours(1) },
        });
        using var slow = await DeafListenerAsync(running);
        using var idle = await Listener.SubscribeAsync(running, "?topics=signals,bars,ticks,late,rejects&symbols=NOTHING");
        await using var feed = new FeedClient(
            new FeedOptions { Port = running.Node.Ingest.Address.Port, Source = Source.Parse("feed"), Binary = true });
        var market = new MarketGenerator(
            new MarketOptions { Ticks = Ticks, Symbols = 60, Step = Timestamp.Second / 20, Bad = 0.04, Duplicates = 0.01 });

        await SendAsync(market, feed, Ticks / 4);
        var early = await InUseAsync(running);
        await SendAsync(market, feed, Ticks - (Ticks / 4));
        var late = await InUseAsync(running);

        Assert.True(late - early < MayGrow, $"{early:N0} bytes in use after a quarter, {late:N0} at the end");
        var ledger = await running.Node.Ingest.Running.LedgerAsync(default);
        Assert.Equal(Ticks, ledger.Sum(line => line.Received));
        Assert.True(ledger.Sum(line => line.Rejected) > Ticks / 50);
        Assert.All(ledger, line => Assert.True(line.IsBalanced, line.Source.Name));
        Assert.True(slow.Connected);
    }

    private static async Task SendAsync(MarketGenerator market, FeedClient feed, int count)
    {
        var block = new Record[Block];
        for (var sent = 0; sent < count;)
        {
            var length = 0;
            while (length < Math.Min(Block, count - sent) && market.TryNext(out block[length])) length++;
            await feed.SendAsync(block.AsMemory(0, length));
            sent += length;
        }

        await feed.FlushAsync();
    }

    private static async Task<long> InUseAsync(RunningNode running)
    {
        await running.Node.Engine.HashAsync(); // after everything that was folded
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Subscribes to everything and never reads.</summary>
    private static async Task<TcpClient> DeafListenerAsync(RunningNode running)
    {
        var client = new TcpClient { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(IPAddress.Loopback, running.Node.Http[0].Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "GET /ws?topics=signals,bars,ticks,late,rejects&from=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: "
            + "websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        return client;
    }
}
