using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ActorTrading.Domain.Values;

namespace ActorTrading.Host.Benching;

/// <summary>A load against a node, from its start to its report.</summary>
internal sealed class BenchRun(BenchOptions options)
{
    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        using var node = options.To is null ? await BenchNode.StartAsync(options.Data, options.Plan, cancellation) : null;
        var clock = new Stopwatch();
        var senders = new List<BenchSender>();
        var signals = new SignalListener(clock, options.WarmUp);
        try
        {
            Connect(node, clock, senders, signals);
            if (node is not null && options.Rate is not null) node.OnLine = signals.Hear;
            return await MeasureAsync(node, clock, senders, signals, cancellation);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new CommandException(ExitCode.BadOutput, exception.Message);
        }
        finally
        {
            foreach (var sender in senders) sender.Dispose();
        }
    }

    private void Connect(BenchNode? node, Stopwatch clock, List<BenchSender> senders, SignalListener signals)
    {
        // Each run is an epoch of its own, so that a node that knows the source takes its seqs for new.
        var epoch = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var number = 0; number < options.Connections; number++)
        {
            var tape = MarketTape.Open(options.Binary, options.Symbols, number, options.Connections);
            var source = Source.Parse(string.Create(CultureInfo.InvariantCulture, $"bench-{number + 1}"));
            var schedule = new SendSchedule(options.Rate is { } rate ? Math.Max(1, rate / options.Connections) : null);
            signals.Follow(tape, schedule);
            senders.Add(new BenchSender(options.To ?? node!.Ingest, source, epoch, tape, schedule, options.Window, clock, options.WarmUp));
        }
    }

    private async Task<BenchReport> MeasureAsync(
        BenchNode? node, Stopwatch clock, List<BenchSender> senders, SignalListener signals, CancellationToken cancellation)
    {
        using var self = Process.GetCurrentProcess();
        clock.Start();
        var sending = Task.WhenAll(senders.Select(sender => Task.Factory.StartNew(
            () => sender.Run(options.WarmUp + options.Duration, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await Task.WhenAny(Task.Delay(options.WarmUp, cancellation), sending);
        var begin = Look();
        await Task.WhenAny(Task.Delay(options.WarmUp + options.Duration - clock.Elapsed, cancellation), sending);
        var end = Look();
        await sending;

        var latencies = new LatencyHistogram();
        foreach (var sender in senders) latencies.Add(sender.Latencies);
        var disk = node?.DiskBytes;
        var ledger = node is null ? null : await node.StopAsync(cancellation); // the last of its lines has been heard then
        return new BenchReport(
            options, (end.At - begin.At).TotalSeconds, senders.Sum(sender => sender.Sent), senders.Sum(sender => sender.Acknowledged),
            end.Acknowledged - begin.Acknowledged, senders.Sum(sender => sender.Refused), end.SenderCpu - begin.SenderCpu)
        {
            AckLatency = latencies,
            SignalLatency = signals.Latencies,
            NodeCpu = end.NodeCpu - begin.NodeCpu,
            MemoryBefore = begin.NodeMemory,
            MemoryAfter = end.NodeMemory,
            DiskBytes = disk,
            Ledger = ledger,
        };

        Moment Look()
        {
            self.Refresh();
            return new Moment(clock.Elapsed, senders.Sum(sender => sender.Acknowledged), self.TotalProcessorTime, node?.Cpu, node?.Memory);
        }
    }

    private readonly record struct Moment(TimeSpan At, long Acknowledged, TimeSpan SenderCpu, TimeSpan? NodeCpu, long? NodeMemory);
}
