using ActorTrading.TestKit;

namespace ActorTrading.Wire.Tests;

public class LayeringTests
{
    [Fact]
    public void Wire_ReferencesOnlyTheDomain() =>
        Layering.ReferencesOnly("ActorTrading.Wire", "ActorTrading.Domain");
}
