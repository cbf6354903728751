using ActorTrading.TestKit;

namespace ActorTrading.Calendars.Tests;

public class LayeringTests
{
    [Fact]
    public void Calendars_ReferenceOnlyTheDomainAndNodaTime() =>
        Layering.ReferencesOnly("ActorTrading.Calendars", "ActorTrading.Domain", "NodaTime");
}
