namespace ActorTrading.EndToEnd.Tests;

public class HostExecutableTests
{
    [Fact]
    public async Task Version_NamesBothEngines_AndTheVersionOfAkka()
    {
        var result = await Cli.Run("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^actortrading \d+\.\d+\.\d+\S*, engines: cluster \(Akka\.NET 1\.5\.\d+\), embedded$", result.Output.Trim());
    }
}
