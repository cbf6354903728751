using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ActorTrading.Domain.Values;
using ActorTrading.Host;
using ActorTrading.Host.Api;
using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Benching;

/// <summary>Runs a load against a node, once, and creates the report.</summary>
internal sealed class BenchRun
{
    private readonly BenchOptions options;
    private readonly Stopwatch clock = new();
    private readonly List<BenchSender> senders = [];
    private readonly ArrivalListener arrivals;

    public BenchRun(BenchOptions options)
    {
        this.options = options;
        arrivals = new ArrivalListener(clock, options.WarmUp);
    }

    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        using var node = options.To is null ? await BenchNode.StartAsync(options, cancellation) : null;
        using var own = node is null ? null : new NodeApi(node.Http, "");
        var api = own ?? options.Api;
        try
        {
            Connect(node);
            await using var subscriber = api is not null && options.Rate is not null
                ? await BenchSubscriber.OpenAsync(api, arrivals, cancellation)
                : null;
            return await MeasureAsync(node, api, subscriber, cancellation);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new CommandException(options.To is null ? ExitCode.BadOutput : ExitCode.NoNode, exception.Message);
        }
        finally
        {
            foreach (var sender in senders) sender.Dispose();
        }
    }

    private void Connect(BenchNode? node)
    {
        var terms = new BenchTerms(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), options.Window, clock, options.WarmUp);
        for (var number = 0; number < options.Connections; number++)
        {
            var tape = MarketTape.Open(options.Binary, options.Symbols, number, options.Connections);
            var source = Source.Parse(string.Create(CultureInfo.InvariantCulture, $"bench-{number + 1}"));
            var schedule = new SendSchedule(options.Rate is { } rate ? Math.Max(1, rate / options.Connections) : null);
            arrivals.Follow(tape, schedule);
            senders.Add(new BenchSender(options.To ?? node!.Ingest, source, tape, schedule, terms));
        }
    }

    private async Task<BenchReport> MeasureAsync(
        BenchNode? node, NodeApi? api, BenchSubscriber? subscriber, CancellationToken cancellation)
    {
        var before = api is null ? null : await NodeLedger.ReadAsync(api, cancellation);
        using var self = Process.GetCurrentProcess();
        clock.Start();
        var sending = Task.WhenAll(senders.Select(sender => Task.Factory.StartNew(
            () => sender.Run(options.WarmUp + options.Duration, cancellation), cancellation, TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        await Task.WhenAny(Task.Delay(options.WarmUp, cancellation), sending);
        var begin = Sample();
        await Task.WhenAny(Task.Delay(options.WarmUp + options.Duration - clock.Elapsed, cancellation), sending);
        var end = Sample();
        await sending;

        var latencies = new LatencyHistogram();
        foreach (var sender in senders) latencies.Add(sender.Latencies);
        var disk = node?.DiskBytes;
        var unheard = subscriber is null ? 0 : await subscriber.CatchUpAsync(api!, cancellation);
        if (subscriber is not null) await subscriber.CloseAsync();
        var after = api is null ? null : await NodeLedger.ReadAsync(api, cancellation);
        if (node is not null) await node.StopAsync(cancellation);
        return new BenchReport(
            options, (end.At - begin.At).TotalSeconds, senders.Sum(sender => sender.Sent), senders.Sum(sender => sender.Acknowledged),
            end.Acknowledged - begin.Acknowledged, senders.Sum(sender => sender.Refused), end.SenderCpu - begin.SenderCpu)
        {
            AckLatency = latencies,
            AcknowledgedBySecond = [.. BySecond()],
            SignalLatency = arrivals.Signals,
            BarLatency = arrivals.Bars,
            MissedBars = arrivals.Missed,
            UnheardSignals = unheard,
            NodeCpu = end.NodeCpu - begin.NodeCpu,
            MemoryBefore = begin.NodeMemory,
            MemoryAfter = end.NodeMemory,
            DiskBytes = disk,
            Ledger = after is null
                ? []
                : [.. senders.Select(sender => new LedgerCheck(sender.Source, sender.Sent, after.Since(before!, sender.Source.Name)))],
        };

        Moment Sample()
        {
            self.Refresh();
            return new Moment(clock.Elapsed, senders.Sum(sender => sender.Acknowledged), self.TotalProcessorTime, node?.Cpu, node?.Memory);
        }
    }

    private IEnumerable<long> BySecond()
    {
        for (var second = 0; second < senders.Max(sender => sender.AcknowledgedBySecond.Count); second++)
            yield return senders.Sum(sender => sender.AcknowledgedBySecond.ElementAtOrDefault(second));
    }

    private readonly record struct Moment(TimeSpan At, long Acknowledged, TimeSpan SenderCpu, TimeSpan? NodeCpu, long? NodeMemory);
}
