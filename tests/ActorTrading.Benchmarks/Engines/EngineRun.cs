using System.Collections.Concurrent;
using System.Diagnostics;
using ActorTrading.Domain.Records;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>Sends a load to one target and measures the answers.</summary>
internal sealed class EngineRun(EngineLoad load)
{
    private readonly SteadyMarket market = new(load.Symbols);
    private readonly ConcurrentBag<Record[]> free = [];
    private readonly ConcurrentBag<double> latencies = [];
    private readonly SemaphoreSlim room = new(Math.Max(1, load.Window / load.Batch));

    public async Task<EngineFigures> RunAsync(string name, IBenchTarget target)
    {
        await SendAsync(target, load.WarmUp, rate: null);
        latencies.Clear();
        using var self = Process.GetCurrentProcess();
        var (events, cpu, bytes, clock) = (target.Events(), self.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        await SendAsync(target, load.Ticks, load.Rate);
        var seconds = clock.Elapsed.TotalSeconds;
        self.Refresh();
        var sent = (double)(load.Ticks / load.Batch * load.Batch);
        return new EngineFigures(
            name, sent / seconds, [.. latencies.Order()], (self.TotalProcessorTime - cpu).TotalMicroseconds / sent,
            (GC.GetTotalAllocatedBytes() - bytes) / sent, sent / Math.Max(1, target.Events() - events));
    }

    private async Task SendAsync(IBenchTarget target, int ticks, int? rate)
    {
        var answers = new List<Task>();
        var clock = Stopwatch.StartNew();
        for (var number = 0; number < ticks / load.Batch; number++)
        {
            var due = rate is { } perSecond ? TimeSpan.FromSeconds((double)number * load.Batch / perSecond) : (TimeSpan?)null;
            if (due - clock.Elapsed is { Ticks: > 0 } early) await Task.Delay(early);
            await room.WaitAsync();
            if (!free.TryTake(out var records)) records = new Record[load.Batch];
            market.Next(records);
            var since = due ?? clock.Elapsed;
            answers.Add(HearAsync(await target.SubmitAsync(records), clock, since, records));
        }

        await Task.WhenAll(answers);
    }

    private async Task HearAsync(Task answer, Stopwatch clock, TimeSpan since, Record[] records)
    {
        await answer.ConfigureAwait(false);
        latencies.Add((clock.Elapsed - since).TotalMilliseconds);
        free.Add(records);
        room.Release();
    }
}
