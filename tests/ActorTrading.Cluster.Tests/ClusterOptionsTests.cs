namespace ActorTrading.Cluster.Tests;

public class ClusterOptionsTests
{
    private static readonly ClusterOptions Sound = new() { Journal = "data" };

    private static readonly NodeTls Papers = new() { Certificate = "node.pem", Authority = "ca.pem" };

    public static TheoryData<string, ClusterOptions> Wrong => new()
    {
        { "Journal", Sound with { Journal = " " } },
        { "Name", Sound with { Name = "my cluster" } },
        { "Port", Sound with { Port = 70_000 } },
        { "Roles", Sound with { Roles = [] } },
        { "Roles:1", Sound with { Roles = ["ingest", "boss"] } },
        { "Seeds:0", Sound with { Seeds = ["localhost"] } },
        { "Discovery", Sound with { Discovery = new KubernetesDiscovery { Selector = "app=nodes" }, Seeds = ["localhost:4053"] } },
        { "Discovery:Selector", Sound with { Discovery = new KubernetesDiscovery { Selector = "" } } },
        { "Discovery:Port", Sound with { Discovery = new KubernetesDiscovery { Selector = "app=nodes", Port = 0 } } },
        { "Shards", Sound with { Shards = 0 } },
        { "WindowSymbols", Sound with { WindowSymbols = 0 } },
        { "Tls:Certificate", Sound with { Tls = new NodeTls { Certificate = "", Authority = "ca.pem" } } },
        { "Tls:Authority", Sound with { Tls = new NodeTls { Certificate = "node.pem", Authority = "" } } },
        { "Tls:SubscriberName", Sound with { Tls = Papers with { SubscriberName = "subscriber.cluster" } } },
        { "Tls:SubscriberName", Sound with { Tls = Papers with { Name = "a.cluster", SubscriberName = "A.cluster" } } },
        { "Tls:Roles", Sound with { Tls = Papers with { Roles = true } } },
        { "Hocon", Sound with { Hocon = "akka.cluster.roles = ${absent}" } },
        { "ResendAfter", Sound with { ResendAfter = TimeSpan.Zero } },
    };

    [Fact]
    public void Defaults_AreSound() => Sound.Validate();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WrongOption_IsNamed_BeforeAnythingIsStarted(string key, ClusterOptions options)
    {
        Assert.Equal(key, Assert.Throws<ArgumentException>(options.Validate).ParamName);
        await Assert.ThrowsAsync<ArgumentException>(() => ClusterEngine.StartAsync(Domain.Plans.Plan.Default, options));
    }
}
