namespace ActorTrading.Host.Tests;

public class BuildInfoTests
{
    [Fact]
    public void Version_NamesBothEngines_AndTheAkkaThatIsLoaded()
    {
        var loaded = typeof(Akka.Actor.ActorSystem).Assembly.GetName().Version!;

        Assert.StartsWith($"{loaded.Major}.{loaded.Minor}.{loaded.Build}", BuildInfo.AkkaVersion, StringComparison.Ordinal);
        Assert.EndsWith($"engines: cluster (Akka.NET {BuildInfo.AkkaVersion}), embedded", BuildInfo.Line, StringComparison.Ordinal);
    }
}
