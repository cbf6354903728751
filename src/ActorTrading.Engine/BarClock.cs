using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// Closes the bars of symbols that receive no more records. A grace period after each boundary of the plan's shortest frame (of each minute
/// if that frame is longer than a minute), it advances the exchange time of the engine to that boundary. The advance is journaled, so a
/// replay needs no clock. A record with a timestamp before a boundary that arrives after the grace period is late. If the system clock is
/// set back, nothing happens until it has caught up.
/// </summary>
public sealed class BarClock : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250); // polls, since the clock may be set

    private readonly IEngine engine;
    private readonly TimeProvider time;
    private readonly PeriodicTimer looking;
    private readonly long step;
    private readonly long grace;
    private readonly CancellationTokenSource closing = new();
    private readonly Task running;
    private long last;

    /// <summary>Starts the clock.</summary>
    /// <param name="engine">The engine; when it stops, the clock stops too.</param>
    /// <param name="grace">How long to wait after a boundary for records with an earlier timestamp; not negative.</param>
    /// <param name="time">The clock; by default the system clock.</param>
    public BarClock(IEngine engine, TimeSpan grace, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        (this.engine, this.time) = (engine, time ?? TimeProvider.System);
        this.grace = grace.Ticks * TimeSpan.NanosecondsPerTick;
        step = StepOf(engine);
        last = Boundary();
        looking = new PeriodicTimer(PollInterval, this.time);
        running = RunAsync();
    }

    /// <summary>The last boundary sent to the engine; before the first one, the boundary at the start.</summary>
    public Timestamp Last => new(Interlocked.Read(ref last));

    /// <summary>Stops the clock. An advance that is in progress completes first.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        looking.Dispose();
    }

    /// <summary>
    /// The interval between boundaries. It contains every boundary of every frame if sessions open and close on whole minutes; other bars
    /// close at the next boundary.
    /// </summary>
    private static long StepOf(IEngine engine)
    {
        var plan = engine.Plan;
        var frames = plan.Settings.Frames.Concat(plan.Overrides.Values.SelectMany(settings => settings.Frames));
        return frames.Where(frame => frame.IsIntraday()).Aggregate(Frame.OneMinute, Frames.CommonDivisor).Length();
    }

    private long Boundary()
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        var seen = now - grace;
        return seen - (seen % step);
    }

    private async Task RunAsync()
    {
        try
        {
            while (await looking.WaitForNextTickAsync(closing.Token).ConfigureAwait(false))
            {
                var boundary = Boundary();
                if (boundary <= last) continue;
                await engine.AdvanceClockAsync(new Timestamp(boundary), closing.Token).ConfigureAwait(false);
                Interlocked.Exchange(ref last, boundary);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or EngineStoppedException)
        {
            // The clock or the engine was stopped.
        }
    }
}
