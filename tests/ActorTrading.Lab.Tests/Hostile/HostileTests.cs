using System.Net;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Lab.Hostile;
using ActorTrading.TestKit;

namespace ActorTrading.Lab.Tests.Hostile;

/// <summary>
/// The short form of <c>actortrading-lab hostile</c>: every kind at once, for seconds. Checks losses and limits, not durations.
/// </summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData(nameof(EngineKind.Embedded))]
    [InlineData(nameof(EngineKind.Cluster))]
    public async Task GoodClients_LoseNothing_BesideAHostileOneOfEveryKind(string engine)
    {
        using var folder = new TemporaryFolder();
        var options = new HostileOptions(Enum.Parse<EngineKind>(engine), folder.Path, Seed: 15)
        {
            Alone = TimeSpan.FromSeconds(4), Beside = TimeSpan.FromSeconds(15), History = 10_000, Rate = 500, MaxMemory = 1L << 30,
        };

        var report = await new HostileTest(options, static _ => { }).RunAsync(CancellationToken.None);

        var text = new StringWriter();
        report.Print(text);
        Assert.True(report.Holds, text.ToString());
        Assert.True(report is { Records: > 2_000, Signals: > 20 }, text.ToString());
        Assert.All(report.Kinds.Where(pair => engine == nameof(EngineKind.Cluster) || pair.Kind.Name != "cluster-noise"), pair =>
            Assert.True(pair.Tally.Attempts > 0, text.ToString()));
    }

    [Fact]
    public void Kinds_HaveNamesOfTheirOwn_AndSayWhatTheyDo()
    {
        Assert.Equal(HostileKinds.All.Count, HostileKinds.All.Select(kind => kind.Name).Distinct().Count());
        Assert.All(HostileKinds.All, kind => Assert.NotEmpty(kind.What));
    }

    [Fact]
    public Task HostileClients_ReachThisMachineOnly() =>
        Assert.ThrowsAsync<ArgumentException>(
            () => HostileSocket.ConnectAsync(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9), CancellationToken.None));
}
