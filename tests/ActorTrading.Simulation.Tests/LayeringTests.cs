using ActorTrading.TestKit;

namespace ActorTrading.Simulation.Tests;

public class LayeringTests
{
    [Fact]
    public void Simulation_ReferencesOnlyTheDomain() => Layering.ReferencesOnly("ActorTrading.Simulation", "ActorTrading.Domain");
}
