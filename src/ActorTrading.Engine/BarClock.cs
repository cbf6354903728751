using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// Closes the bars of symbols that have fallen silent: tells the engine, a grace after each boundary of the plan's shortest frame
/// (each minute where that is longer), that exchange time has come that far. It looks at a clock; what it says is journaled, so a
/// replay needs none. A record stamped before a boundary that comes after its grace is late. A clock that is set back says
/// nothing until it has caught up.
/// </summary>
public sealed class BarClock : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250); // and not until the next boundary: a clock may be set

    private readonly IEngine engine;
    private readonly TimeProvider time;
    private readonly PeriodicTimer looking;
    private readonly long step;
    private readonly long grace;
    private readonly CancellationTokenSource closing = new();
    private readonly Task running;
    private long last;

    /// <summary>Begins to run.</summary>
    /// <param name="engine">The engine; when it stops, so does this.</param>
    /// <param name="grace">How long after a boundary records stamped before it are waited for; not negative.</param>
    /// <param name="time">The clock; by default the system's.</param>
    public BarClock(IEngine engine, TimeSpan grace, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        (this.engine, this.time) = (engine, time ?? TimeProvider.System);
        this.grace = grace.Ticks * TimeSpan.NanosecondsPerTick;
        step = StepOf(engine);
        last = Boundary();
        looking = new PeriodicTimer(LookEvery, this.time);
        running = RunAsync();
    }

    /// <summary>The boundary that the engine was told of last; before the first, that of the start.</summary>
    public Timestamp Last => new(Interlocked.Read(ref last));

    /// <summary>Ends, after what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        looking.Dispose();
    }

    /// <summary>
    /// Every boundary of every frame is one of these where sessions open and close on whole minutes; others close at the next.
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
            // Told to stop, or nobody is there to be told.
        }
    }
}
