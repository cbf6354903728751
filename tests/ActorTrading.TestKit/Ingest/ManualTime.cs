namespace ActorTrading.TestKit.Ingest;

/// <summary>A clock that stands still until the test moves it; then its timers ring, in order.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private long now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref now);

    public override DateTimeOffset GetUtcNow() =>
        new DateTimeOffset(2024, 7, 9, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp() - TimeSpan.TicksPerDay);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (gate) timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (true)
        {
            Timer? next;
            lock (gate)
            {
                next = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                Interlocked.Exchange(ref now, next is null ? end : Math.Max(now, next.Due));
                if (next is null) return;
                next.Due = next.Period > 0 ? next.Due + next.Period : long.MaxValue;
            }

            next.Ring();
        }
    }

    private sealed class Timer(ManualTime owner, Action ring) : ITimer
    {
        public long Due { get; set; } = long.MaxValue;

        public long Period { get; private set; }

        public Action Ring => ring;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                Due = dueTime < TimeSpan.Zero ? long.MaxValue : owner.GetTimestamp() + dueTime.Ticks;
                Period = period.Ticks;
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner.gate) owner.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
