namespace ActorTrading.Host.Tests.Faults;

/// <summary>A wall clock that is set while it runs. Elapsed time is real.</summary>
internal sealed class WanderingTime : TimeProvider
{
    private long offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref offset));

    /// <summary>Sets the clock forward; backward if negative.</summary>
    public void Set(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);
}
