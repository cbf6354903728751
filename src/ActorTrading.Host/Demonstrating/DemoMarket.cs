using System.Diagnostics;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Nodes;
using ActorTrading.Simulation;

namespace ActorTrading.Host.Demonstrating;

/// <summary>
/// Sends a generated market to a node over TCP, one interval at a time, and reports what the node's subscribers receive: bars as they
/// close, and signals of the durable log, in the order of market time.
/// </summary>
internal sealed class DemoMarket(Node node, MarketOptions options) : IAsyncDisposable
{
    /// <summary>Number of live events that the node must buffer for a reader: those of an interval.</summary>
    public const int LiveBuffer = 4 * LongestStretch;

    private const int Stretches = 60;
    private const int LongestStretch = 50_000;
    private const int SpeedAfterwards = 10;
    private const long LongestAfterwards = 365 * Timestamp.Day; // of market time; about five weeks of real time

    private readonly CancellationTokenSource over = new();
    private readonly Lock gate = new(); // guards bars, missed, folded
    private List<BarClosed> bars = [];
    private long folded;
    private long missed;
    private long position;
    private TaskCompletionSource progress = New();

    /// <summary>Runs the market for the given duration, or longer when the node is slower.</summary>
    /// <param name="duration">The duration of the configured market.</param>
    /// <param name="onBar">Called for each closed bar.</param>
    /// <param name="onSignal">Called for each signal.</param>
    /// <param name="goesOn">Whether the market continues afterwards, at ten times real time, until cancelled.</param>
    /// <param name="cancellation">Ends the market.</param>
    public async Task RunAsync(
        TimeSpan duration, Action<BarClosed> onBar, Action<Signal> onSignal, bool goesOn, CancellationToken cancellation)
    {
        var watching = WatchAsync();
        await using var client = new FeedClient(new FeedOptions
        {
            Host = node.Ingest.Address.Address.ToString(), Port = node.Ingest.Address.Port, Source = Source.Parse("demo"), Binary = true,
        });
        var generator = new MarketGenerator(options with { Ticks = options.Ticks + (goesOn ? LongestAfterwards / options.Step : 0) });
        var stretch = new Record[Math.Clamp(options.Ticks / Stretches, 1, LongestStretch)];
        var afterwards = Math.Clamp(SpeedAfterwards * Timestamp.Second / options.Step, 1, stretch.Length);
        var clock = Stopwatch.StartNew();
        for (var sent = 0L; ;)
        {
            var longest = sent < options.Ticks ? Math.Min(stretch.Length, options.Ticks - sent) : afterwards;
            var count = 0;
            while (count < longest && generator.TryNext(out stretch[count])) count++;
            if (count == 0) break;

            // Market time is faster than real time by the factor that the duration requires.
            sent += count;
            var due = sent <= options.Ticks ? duration * ((double)sent / options.Ticks) : duration + Afterwards(sent - options.Ticks);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed, cancellation);
            await client.SendAsync(stretch.AsMemory(0, count), cancellation);
            await client.FlushAsync(cancellation);
            await TellAsync(sent, onBar, onSignal, cancellation);
        }

        await over.CancelAsync();
        await watching;
    }

    public ValueTask DisposeAsync()
    {
        over.Cancel();
        over.Dispose();
        return ValueTask.CompletedTask;
    }

    private TimeSpan Afterwards(long ticks) => TimeSpan.FromSeconds(ticks * (double)options.Step / Timestamp.Second / SpeedAfterwards);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until the node's subscribers have received everything of the sent records, and reports it.</summary>
    private async Task TellAsync(long sent, Action<BarClosed> onBar, Action<Signal> onSignal, CancellationToken cancellation)
    {
        List<BarClosed> closed;
        while (true)
        {
            Task more;
            lock (gate)
            {
                (closed, more) = (bars, progress.Task);
                if (folded + missed >= sent)
                {
                    bars = [];
                    break;
                }
            }

            await more.WaitAsync(cancellation);
        }

        var fired = await SignalsAsync(cancellation);
        var all = closed.Select(bar => (Time: EndOf(bar), Order: 0L, bar.Symbol, Tell: (Action)(() => onBar(bar))))
            .Concat(fired.Select(signal => (signal.Time, Order: signal.Number, signal.Symbol, Tell: (Action)(() => onSignal(signal)))));
        foreach (var one in all.OrderBy(one => one.Time).ThenBy(one => one.Symbol).ThenBy(one => one.Order)) one.Tell();
    }

    private static Timestamp EndOf(BarClosed bar) => new(bar.Bar.OpenTime + Domain.Calendars.Frames.Length(bar.Frame));

    /// <summary>The signals of the records so far, once they are durable.</summary>
    private async Task<List<Signal>> SignalsAsync(CancellationToken cancellation)
    {
        var fired = new List<Signal>();
        var last = (await node.Engine.SymbolsAsync(cancellation)).Sum(symbol => symbol.Signals);
        if (last == position) return fired;
        await foreach (var logged in node.Engine.SignalsAsync(position, cancellation))
        {
            fired.Add(logged.Signal);
            position = logged.Position;
            if (position == last) break;
        }

        return fired;
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var happened in node.Engine.LiveAsync(new LiveFilter(Ticks: true), over.Token))
            {
                TaskCompletionSource? wake;
                lock (gate)
                {
                    missed += happened.Missed;
                    if (happened.Bar is { } bar) bars.Add(bar);
                    if (happened.Tick is not null) folded++;
                    (wake, progress) = (progress, New());
                }

                wake.SetResult();
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The market has ended.
        }
    }
}
