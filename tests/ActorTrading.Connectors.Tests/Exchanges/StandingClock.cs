namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>A clock that stands where the recorded sessions were made; what is measured by it goes on.</summary>
internal sealed class StandingClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_770_000_000_000);
}
