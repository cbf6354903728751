using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests;

public class LayeringTests
{
    [Fact]
    public void Domain_ReferencesNothingButTheFramework() =>
        Layering.ReferencesOnly("ActorTrading.Domain");
}
