using ActorTrading.TestKit;

namespace ActorTrading.Wire.Tests;

public class LayeringTests
{
    [Fact]
    public void Wire_ReferencesOnlyCalendarsAndTheDomain() =>
        Layering.ReferencesOnly("ActorTrading.Wire", "ActorTrading.Calendars", "ActorTrading.Domain");
}
