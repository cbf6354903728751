namespace ActorTrading.Host.Tests.Webhooks;

/// <summary>
/// A clock on which every wait ends at once and is recorded; a wait of the one length that never ends is a request's time limit.
/// </summary>
internal sealed class HastyTime(TimeSpan endless) : TimeProvider
{
    private readonly Lock sync = new();
    private readonly List<TimeSpan> waits = [];

    public static DateTimeOffset Now { get; } = new(2024, 7, 9, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (sync) return [.. waits];
        }
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == endless || dueTime < TimeSpan.Zero)
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (sync) waits.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
