namespace ActorTrading.EndToEnd.Tests;

public class HostExecutableTests
{
    [Fact]
    public async Task Version_NamesTheEnginesThatAreBuiltIn()
    {
        var result = await Cli.Run("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^actortrading \d+\.\d+\.\d+\S*, engines: embedded(, cluster \(Akka\.NET 1\.5\.\S+\))?$", result.Output.Trim());
    }
}
