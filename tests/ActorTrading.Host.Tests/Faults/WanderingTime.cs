namespace ActorTrading.Host.Tests.Faults;

/// <summary>A wall clock that somebody sets while it runs. Spans of time are measured as ever.</summary>
internal sealed class WanderingTime : TimeProvider
{
    private long offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref offset));

    /// <summary>Sets it forward, or back where negative.</summary>
    public void Set(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);
}
