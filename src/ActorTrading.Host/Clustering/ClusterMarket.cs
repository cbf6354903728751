using System.Net;
using System.Text.Json;
using ActorTrading.Client;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Api;
using ActorTrading.Simulation;

namespace ActorTrading.Host.Clustering;

/// <summary>
/// A generated market for a local cluster, in which one minute of market time passes every second. Its records go to one node. When that
/// node stops, the last unacknowledged block is sent again, completely, to another node; the symbols recognize the duplicates.
/// </summary>
internal sealed class ClusterMarket(LocalCluster cluster, MergedLog log)
{
    /// <summary>Records per second.</summary>
    public const int Rate = 1_000;

    /// <summary>Seconds of market time per second.</summary>
    public const int Pace = 60;

    private static readonly Source Source = Source.Parse("demo");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly long epoch = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Sends until cancelled, for at most a month.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var options = new MarketOptions
        {
            Symbols = MarketOptions.KnownTickers.Count, Names = MarketOptions.KnownTickers, Ticks = Rate * 86_400L * 30,
            Step = Timestamp.Second * Pace / Rate, Volatility = 0.0002, Seed = (ulong)epoch,
        };
        var last = await LastTimeAsync(cancellation);
        var market = new MarketGenerator(last.Nanoseconds < options.Start.Nanoseconds
            ? options
            : options with { Start = new Timestamp(last.Nanoseconds + Timestamp.Minute) });
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
                        log.Write(0, $"node {to!.Number} is gone; the market continues at another node");
                        await client.DisposeAsync();
                        client = null;
                    }

                    await Task.Delay(Timeout, cancellation);
                }
            }
        }
        finally
        {
            if (client is not null) await client.DisposeAsync();
        }
    }

    /// <summary>The time of the newest record in the journal. Earlier records would be late.</summary>
    private async Task<Timestamp> LastTimeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (cluster.Ready.FirstOrDefault() is { } node)
                {
                    using var api = new NodeApi(new Uri(node.Http), "");
                    using var answer = await api.GetAsync("symbols", cancellation);
                    var times = answer.RootElement.GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetProperty("last_time"))
                        .Where(time => time.ValueKind != JsonValueKind.Null);
                    return new Timestamp(
                        times.Select(time => (time.GetDateTimeOffset() - DateTimeOffset.UnixEpoch).Ticks * 100).DefaultIfEmpty(0).Max());
                }
            }
            catch (CommandException)
            {
                // The node has stopped; ask another one.
            }

            await Task.Delay(Timeout, cancellation);
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

    /// <summary>Sends records and waits until all are durable; false when the node has stopped before.</summary>
    private async Task<bool> TrySendAsync(
        FeedClient client, ReadOnlyMemory<Record> records, ClusterMember to, CancellationToken cancellation)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = SendAsync();
        while (await Task.WhenAny(sending, Task.Delay(Timeout, cancellation)) != sending)
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
        catch (Exception exception)
            when (exception is FeedRefusedException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
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
