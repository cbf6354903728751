using System.Net;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire.Generation;

namespace ActorTrading.Host.Clustering;

/// <summary>
/// A made-up market for a local cluster, as it goes on in real time. It is sent to one node; when that one ends, to another, which gets again what was not
/// acknowledged as a whole: the symbols know what they have.
/// </summary>
internal sealed class ClusterMarket(LocalCluster cluster, MergedLog log)
{
    /// <summary>Records a second.</summary>
    public const int Rate = 1_000;

    private static readonly Source Source = Source.Parse("demo");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly long epoch = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Sends until told to stop, for a year at most.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var market = new MarketGenerator(new MarketOptions
        {
            Symbols = MarketOptions.KnownTickers.Count, Names = MarketOptions.KnownTickers, Ticks = Rate * 86_400L * 365, Step = Timestamp.Second / Rate,
            Start = new Timestamp(epoch * 1_000_000), Seed = (ulong)epoch,
        });
        var second = new Record[Rate];
        ClusterMember? to = null;
        FeedClient? client = null;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            for (var sent = 0L; await timer.WaitForNextTickAsync(cancellation); sent += Rate)
            {
                for (var i = 0; i < Rate; i++) market.TryNext(out second[i]);
                for (var isDone = false; !isDone;)
                {
                    if (client is null && (to = cluster.Ready.FirstOrDefault()) is { } node) client = Open(node, sent + 1);
                    isDone = client is not null && await TrySendAsync(client, second, to!, cancellation);
                    if (isDone) continue;
                    if (client is not null)
                    {
                        log.Write(0, $"the market goes on elsewhere than at node {to!.Number}");
                        await client.DisposeAsync();
                        client = null;
                    }

                    await Task.Delay(Patience, cancellation);
                }
            }
        }
        finally
        {
            if (client is not null) await client.DisposeAsync();
        }
    }

    private FeedClient Open(ClusterMember node, long firstSeq)
    {
        var address = IPEndPoint.Parse(node.Ticks);
        return new FeedClient(new FeedOptions
        {
            Host = address.Address.ToString(), Port = address.Port, Source = Source, Epoch = epoch, FirstSeq = firstSeq, Binary = true,
        });
    }

    /// <summary>Sends and waits until all is durable; false when the node has ended before.</summary>
    private async Task<bool> TrySendAsync(FeedClient client, ReadOnlyMemory<Record> records, ClusterMember to, CancellationToken cancellation)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = SendAsync();
        while (await Task.WhenAny(sending, Task.Delay(Patience, cancellation)) != sending)
        {
            cancellation.ThrowIfCancellationRequested();
            if (cluster.Ready.Any(node => node.Process == to.Process)) continue;
            await until.CancelAsync();
            break;
        }

        try
        {
            await sending;
            return true;
        }
        catch (Exception exception) when (exception is FeedRefusedException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }

        async Task SendAsync()
        {
            await client.SendAsync(records, until.Token);
            await client.FlushAsync(until.Token);
        }
    }
}
