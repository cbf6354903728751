using System.Globalization;
using ActorTrading.Client;
using ActorTrading.Host.Terminal;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Feeding;

/// <summary>
/// The progress of a feed: position in the file, records per second, latencies of acknowledgements. On a terminal, draws a line a few times
/// a second.
/// </summary>
internal sealed class FeedProgress : IProgress<ReadProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock sync = new();
    private readonly LatencyHistogram all = new();
    private readonly TimeProvider time;
    private readonly ProgressLine line = new();
    private readonly CancellationTokenSource ending = new();
    private Task drawing = Task.CompletedTask;
    private LatencyHistogram recent = new();
    private ReadProgress read;
    private long lastAcknowledged;
    private long lastAt;

    public FeedProgress(TimeProvider time) => this.time = time;

    /// <summary>Latencies from handing over a block of records to its acknowledgement, since the start.</summary>
    public string Latencies
    {
        get
        {
            lock (sync) return all.Count == 0 ? "" : Spell(all);
        }
    }

    /// <summary>Starts drawing.</summary>
    public void Begin(Func<FeedStatus> status)
    {
        lastAt = time.GetTimestamp();
        drawing = DrawAsync(status);
    }

    public void Report(ReadProgress value)
    {
        lock (sync) read = value;
    }

    public void OnLatency(TimeSpan latency)
    {
        lock (sync)
        {
            all.Add((long)latency.TotalNanoseconds);
            recent.Add((long)latency.TotalNanoseconds);
        }
    }

    /// <summary>The next progress line, with the change since the previous one.</summary>
    public string Next(FeedStatus status)
    {
        var now = time.GetTimestamp();
        var seconds = Math.Max(time.GetElapsedTime(lastAt, now).TotalSeconds, 1e-9);
        var rate = (status.Acknowledged - lastAcknowledged) / seconds;
        (lastAt, lastAcknowledged) = (now, status.Acknowledged);
        lock (sync)
        {
            var part = read.BytesTotal is > 0 and var total ? Text($"{read.Input}: {100.0 * read.BytesRead / total:f0} %, ")
                : read.Input is { } name ? $"{name}: "
                : "";
            var latencies = recent.Count > 0 ? ", " + Spell(recent) : "";
            recent = new LatencyHistogram();
            return part + Text($"{status.Acknowledged:N0} acknowledged, {rate:N0} a second") + latencies;
        }
    }

    /// <summary>Stops drawing and removes the line.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await drawing;
        line.Dispose();
    }

    private async Task DrawAsync(Func<FeedStatus> status)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token)) line.Report(Next(status()));
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private static string Spell(LatencyHistogram latencies)
    {
        return Text($"ack latency p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, most {At(1):0.0} ms");

        double At(double part) => latencies.Percentile(part) / 1e6;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
