namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>A clock that stands at the time of the recorded sessions. Elapsed time is real.</summary>
internal sealed class StandingClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_770_000_000_000);
}
