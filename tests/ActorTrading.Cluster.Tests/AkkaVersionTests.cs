namespace ActorTrading.Cluster.Tests;

public class AkkaVersionTests
{
    [Fact]
    public void BuiltWith_IsAPatchOfTheVersionThatIsAskedFor() =>
        Assert.StartsWith("1.5.", AkkaVersion.BuiltWith);
}
