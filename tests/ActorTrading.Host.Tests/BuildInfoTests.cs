namespace ActorTrading.Host.Tests;

public class BuildInfoTests
{
    [Fact]
    public void AkkaVersion_IsKnown_WhereTheClusterEngineIsBuiltIn()
    {
        var builtIn = File.Exists(Path.Combine(AppContext.BaseDirectory, "ActorTrading.Cluster.dll"));

        Assert.Equal(builtIn, BuildInfo.AkkaVersion is not null);
    }
}
