using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.TestKit.Ingest;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>Topics of a cluster of several brokers give the state of their records.</summary>
public class KafkaInTests
{
    [SkippableFact]
    public async Task RecordsOfAForeignClient_EndInTheStateOfTheSameRecords_AndAreCommitted()
    {
        Skip.IfNot(Kcat.IsInstalled, "kcat is not installed");
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks", 2);
        var connector = rig.Connect("""
            "topics":"ticks","group":"g"
            """);
        await Kcat.RunAsync(await rig.LinesAsync("ticks", 0, 1_000), "-P", "-b", rig.Cluster.Brokers, "-t", "ticks", "-p", "0");
        await rig.Cluster.ProduceAsync("ticks", 1, await rig.LinesAsync("ticks", 1, 1_500));
        await rig.AssertStateAsync();
        await Until.True(
            () => rig.Cluster.Committed("g", "ticks", 0) == 1_000 && rig.Cluster.Committed("g", "ticks", 1) == 1_500, "commits");
        await Until.True(() => connector.Status is { Messages: 2_500, Lag: 0 }, "status");
        Assert.Equal((ConnectorPhase.Running, 0, 0), (connector.Status.Phase, connector.Status.Rejected, connector.Status.Errors));
    }

    [Fact]
    public async Task OffsetIsCommitted_OnlyWhenTheRecordIsDurable()
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 10));
        rig.Journal.Stall();
        var connector = rig.Connect("""
            "topics":"ticks","group":"g"
            """);
        await Until.True(
            () => rig.Engine.Partitions.Sum(partition => partition.Records + partition.Waiting) > 0 || rig.Journal.Commits > 0,
            "records under way");
        await Until.True(() => connector.Status.Lag == 10, "lag");
        Assert.Null(rig.Cluster.Committed("g", "ticks"));
        Assert.Equal(0, connector.Status.Messages);
        rig.Journal.Resume();
        await rig.AssertStateAsync();
        await Until.True(() => rig.Cluster.Committed("g", "ticks") == 10, "commit");
    }

    [Fact]
    public async Task SecondGroup_BringsDuplicatesOnly()
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 500));
        rig.Connect("""
            "topics":"ticks","group":"first"
            """);
        await rig.AssertStateAsync();
        var again = rig.Connect("""
            "topics":"ticks","group":"second"
            """);
        await Until.True(() => again.Status.Messages == 500, "the second time");
        await rig.AssertStateAsync();
        Assert.Equal(500, Assert.Single(await rig.IngestPipeline.LedgerAsync()).Duplicate);
    }

    [Fact]
    public async Task BrokersThatAreLost_AreToldOf_AndAfterwardsNothingIsMissing()
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks", 3);
        for (var partition = 0; partition < 3; partition++) rig.Cluster.SetLeader("ticks", partition, partition + 1);
        var connector = rig.Connect("""
            "topics":"ticks","group":"g"
            """);
        for (var partition = 0; partition < 3; partition++)
            await rig.Cluster.ProduceAsync("ticks", partition, await rig.LinesAsync("ticks", partition, 300));
        await rig.AssertStateAsync();

        // One broker is lost, and another one leads its partition.
        rig.Cluster.SetDown(3);
        rig.Cluster.SetLeader("ticks", 2, 1);
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 100, first: 300));
        await rig.AssertStateAsync();
        rig.Cluster.SetUp(3);
        var more = new List<List<string>>();
        for (var partition = 1; partition < 3; partition++) more.Add(await rig.LinesAsync("ticks", partition, 100, first: 300));

        rig.Cluster.SetDown();
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Connecting, "it is told of");
        Assert.NotNull(connector.Status.LastError);
        rig.Cluster.SetUp();
        for (var partition = 1; partition < 3; partition++) await rig.Cluster.ProduceAsync("ticks", partition, more[partition - 1]);
        await rig.AssertStateAsync();
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Running, "it is connected");
        Assert.True(connector.Status.Errors > 0);
    }

    [Theory]
    [InlineData("cooperative")]
    [InlineData("eager")]
    public async Task PartitionsThatMove_AreCommittedFirst_AndNothingIsLostOrDoubled(string rebalance)
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks", 4);
        var lines = new List<List<string>>();
        for (var partition = 0; partition < 4; partition++) lines.Add(await rig.LinesAsync("ticks", partition, 3_000));
        var settings = $"""
            "topics":"ticks","group":"g","rebalance":"{rebalance}"
            """;
        var first = rig.Connect(settings);
        await Task.WhenAll(lines.Select((of, partition) => rig.Cluster.ProduceAsync("ticks", partition, of.Take(1_000))));
        await rig.AppliedAsync(1_000);
        var second = rig.Connect(settings);
        await Task.WhenAll(lines.Select((of, partition) => rig.Cluster.ProduceAsync("ticks", partition, of.Skip(1_000).Take(1_000))));
        await Until.True(() => second.Status.Phase == ConnectorPhase.Running, "two members");
        await rig.AppliedAsync(6_000);
        await first.DisposeAsync();
        Assert.Equal(ConnectorPhase.Stopped, first.Status.Phase);
        await Task.WhenAll(lines.Select((of, partition) => rig.Cluster.ProduceAsync("ticks", partition, of.Skip(2_000))));
        await rig.AssertStateAsync();
        await Until.True(() => second.Status.Messages > 0, "the second one's are counted");
        for (var partition = 0; partition < 4; partition++)
            await Until.True(() => rig.Cluster.Committed("g", "ticks", partition) == 3_000, "commits");
    }

    [Theory]
    [InlineData(150, true)]
    [InlineData(250, false)]
    public async Task TopicMadeAnew_IsAnotherSource_AndItsOffsetsAreNoReplay(int count, bool isRunning)
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 200));
        var connector = rig.Connect("""
            "topics":"ticks","group":"g"
            """);
        await rig.AssertStateAsync();
        if (!isRunning) await connector.DisposeAsync();
        rig.Cluster.DeleteTopic("ticks");
        rig.Cluster.CreateTopic("ticks");
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, count));
        if (!isRunning)
        {
            rig.Connect("""
                "topics":"ticks","group":"g"
                """);
        }

        await rig.AssertStateAsync();
        Assert.Equal(2, (await rig.IngestPipeline.LedgerAsync()).Count);
    }

    [Fact]
    public async Task PoisonMessages_AreInTheirTopicBeforeTheirOffsetIsCommitted_WithTheReason()
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        rig.Cluster.CreateTopic("poison");
        var connector = rig.Connect("""
            "topics":"ticks","group":"g","dead_letters":"poison","time_unit":"s"
            """);
        await rig.Cluster.ProduceAsync(
            "ticks", 0,
            ["{no json", """{"symbol":"A","ts":1720522800,"price":1}""", null, """{"symbol":"A","ts":1720522800,"price":-1}""",
                """{"symbol":"A"}"""]);
        await Until.True(() => rig.Cluster.Committed("g", "ticks") == 5, "all of it is handled");
        await Until.True(() => connector.Status is { Messages: 4, Rejected: 3, Skipped: 1 }, $"it is counted: {connector.Status}");
        var letters = rig.Cluster.Read("poison");
        Assert.Equal(["{no json", """{"symbol":"A"}"""], letters.Select(letter => Encoding.UTF8.GetString(letter.Message.Value)));
        Assert.Equal(
            [("malformed", "0"), ("missing_field", "4")], letters.Select(letter => (Header(letter, "reason"), Header(letter, "offset"))));
        Assert.Equal(
            ("ticks", "0", "1", "1"),
            (Header(letters[0], "topic"), Header(letters[0], "partition"), Header(letters[0], "records"), Header(letters[0], "rejected")));
        Assert.NotEqual("", Header(letters[0], "advice"));
        var reasons = rig.IngestPipeline.Rejects.Recent(new Engine.Nodes.RejectFilter(10)).Select(one => one.Reject.Input.Rejection.Reason)
            .ToHashSet();
        Assert.Equal([RejectReason.Malformed, RejectReason.MissingField, RejectReason.PriceNotPositive], reasons.Order());
    }

    [Theory]
    [InlineData(ErrorCode.UnknownTopicOrPart)]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    public async Task DeadLetterTopicThatTakesNothing_IsToldOf_AndNothingIsCommittedOrLostMeanwhile(ErrorCode error)
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        rig.Cluster.CreateTopic("poison");
        rig.Cluster.SetError("poison", error);
        var connector = ConnectWithLetters(rig);
        await rig.Cluster.ProduceAsync("ticks", 0, await LinesAroundPoisonAsync(rig));
        await Until.True(() => connector.Status.Errors >= 2, "it is tried again");
        Assert.Equal(ConnectorPhase.Connecting, connector.Status.Phase);
        Assert.Contains("the topic poison accepts no dead letters: ", connector.Status.LastError, StringComparison.Ordinal);
        await rig.AppliedAsync(10); // including the records after the invalid message
        Assert.InRange(rig.Cluster.Committed("g", "ticks") ?? 0, 0, 5);

        rig.Cluster.SetError("poison", ErrorCode.NoError);
        await Until.True(() => rig.Cluster.Committed("g", "ticks") == 11, "all of it is handled");
        Assert.Equal(ConnectorPhase.Running, connector.Status.Phase);
        Assert.Equal("{no json", Encoding.UTF8.GetString(Assert.Single(rig.Cluster.Read("poison")).Message.Value));
        await rig.AssertStateAsync(rejected: 1);
    }

    [Fact]
    public async Task ConnectorThatEnds_WhileItsDeadLetterTopicIsAway_LeavesThemToTheNext()
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        rig.Cluster.CreateTopic("poison");
        rig.Cluster.SetError("poison", ErrorCode.TopicAuthorizationFailed);
        var first = ConnectWithLetters(rig);
        await rig.Cluster.ProduceAsync("ticks", 0, await LinesAroundPoisonAsync(rig));
        await Until.True(() => first.Status.LastError is not null, "it is told of");
        await first.DisposeAsync();
        Assert.Equal(ConnectorPhase.Stopped, first.Status.Phase);
        Assert.InRange(rig.Cluster.Committed("g", "ticks") ?? 0, 0, 5);

        rig.Cluster.SetError("poison", ErrorCode.NoError);
        ConnectWithLetters(rig);
        await Until.True(() => rig.Cluster.Committed("g", "ticks") == 11, "all of it is handled");
        Assert.Equal("5", Header(Assert.Single(rig.Cluster.Read("poison")), "offset"));
        await rig.AssertStateAsync(rejected: 2); // once for each read
    }

    [Fact]
    public async Task BackPressure_BoundsWhatIsUnderWay_AndPausedPartitionsGoOn()
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 20_000));
        rig.Journal.Stall();
        var connector = rig.Connect("""
            "topics":"ticks","group":"g","in_flight":1000
            """, options => options with { BatchMessages = 100 });
        await Until.True(() => connector.Status.Lag == 20_000, "it has begun");
        for (var i = 0; i < 200; i++)
        {
            Assert.True(
                (await rig.Engine.LedgerAsync()).Sum(line => line.Received)
                + rig.Engine.Partitions.Sum(partition => partition.Waiting) <= 1_100);
            await Task.Delay(10); // longer than it waits before it pauses
        }

        rig.Journal.Resume();
        await rig.AssertStateAsync();
    }

    [Fact]
    public async Task PartitionsBeginWithWhatIsToCome_WhereAskedTo_AndARestartGoesOnThere()
    {
        await using var rig = await KafkaRig.StartAsync();
        rig.Cluster.CreateTopic("ticks");
        await rig.Cluster.ProduceAsync("ticks", 0, Enumerable.Repeat("""{"symbol":"OLD","ts":1720522800,"price":1}""", 50));
        const string Settings = """
            "topics":"ticks","group":"g","from":"now"
            """;
        var first = rig.Connect(Settings);
        await Until.True(() => rig.Cluster.Committed("g", "ticks") == 50, "the start is committed");
        await first.DisposeAsync();
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 20, first: 50));
        rig.Connect(Settings);
        await rig.AssertStateAsync();
    }

    [Fact]
    public async Task ClusterThatIsAway_KeepsNothingFromStarting_AndItsMessagesComeInLater()
    {
        await using var rig = await KafkaRig.StartAsync(brokers: 1);
        rig.Cluster.CreateTopic("ticks");
        var lines = await rig.LinesAsync("ticks", 0, 30);
        await rig.Cluster.ProduceAsync("ticks", 0, lines);
        rig.Cluster.SetDown();
        var connector = rig.Connect("""
            "topics":"ticks","group":"g"
            """);
        await Until.True(() => connector.Status.LastError is not null, "it is told of");
        Assert.Equal(ConnectorPhase.Connecting, connector.Status.Phase);
        rig.Cluster.SetUp();
        await rig.AssertStateAsync();
    }

    private static IConnector ConnectWithLetters(KafkaRig rig) => rig.Connect(
        """
        "topics":"ticks","group":"g","dead_letters":"poison"
        """,
        static options => options with { LetterTimeout = TimeSpan.FromSeconds(1) });

    /// <summary>Five lines, a message that is no record, and five more lines.</summary>
    private static async Task<List<string>> LinesAroundPoisonAsync(KafkaRig rig) =>
        [.. await rig.LinesAsync("ticks", 0, 5), "{no json", .. await rig.LinesAsync("ticks", 0, 5, first: 6)];

    private static string Header(ConsumeResult<byte[], byte[]> letter, string name) =>
        Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes($"actortrading-{name}"));
}
