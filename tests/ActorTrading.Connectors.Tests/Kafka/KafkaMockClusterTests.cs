using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>The mock cluster of the other tests behaves like a cluster.</summary>
public class KafkaMockClusterTests
{
    [Fact]
    public async Task RecordsStay_WhenABrokerIsLost_AndComesBack()
    {
        using var cluster = new KafkaMockCluster(3);
        Assert.Equal(3, cluster.Brokers.Split(',').Distinct().Count());
        cluster.CreateTopic("t", 2);
        await cluster.ProduceAsync("t", 0, ["a", "b"]);
        await cluster.ProduceAsync("t", 1, ["c", null]);
        cluster.SetDown(1);
        cluster.SetLeader("t", 0, 2);
        cluster.SetLeader("t", 1, 3);
        await cluster.ProduceAsync("t", 0, ["d"]);
        cluster.SetUp(1);
        Assert.Equal(
            ["a", "b", "d", "c", null],
            cluster.Read("t").Select(one => one.Message.Value is { } value ? System.Text.Encoding.UTF8.GetString(value) : null));
    }

    [SkippableFact]
    public async Task ForeignClient_ReadsAndWrites()
    {
        Skip.IfNot(Kcat.IsInstalled, "kcat is not installed");
        using var cluster = new KafkaMockCluster(2);
        cluster.CreateTopic("t");
        await Kcat.RunAsync(["one", "two"], "-P", "-b", cluster.Brokers, "-t", "t", "-p", "0");
        Assert.Equal("one\ntwo\n", await Kcat.RunAsync([], "-C", "-b", cluster.Brokers, "-t", "t", "-e", "-q"));
    }

    [Fact]
    public async Task TopicMadeAnew_HasAnotherIdentity()
    {
        using var cluster = new KafkaMockCluster(1);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.Brokers }).Build();
        cluster.CreateTopic("t");
        var first = await IdAsync();
        Assert.Equal(first, await IdAsync());
        cluster.DeleteTopic("t");
        cluster.CreateTopic("t");
        Assert.NotEqual(first, await IdAsync());

        async Task<string> IdAsync() =>
            (await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames(["t"]), new DescribeTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(30) }))
            .TopicDescriptions.Single().TopicId.ToString();
    }
}
