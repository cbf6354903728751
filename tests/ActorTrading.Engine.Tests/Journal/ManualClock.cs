namespace ActorTrading.Engine.Tests.Journal;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualClock : TimeProvider
{
    public DateTime Now { get; set; } = new(2026, 3, 2, 14, 30, 0, DateTimeKind.Utc);

    public override DateTimeOffset GetUtcNow() => new(Now);
}
