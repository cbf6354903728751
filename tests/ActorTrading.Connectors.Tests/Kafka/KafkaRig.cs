using System.Globalization;
using System.Text;
using ActorTrading.Connectors.Kafka;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Ingest;
using Akka.Actor;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>A mock cluster, an embedded engine with its ingest pipeline, and connectors between them.</summary>
internal sealed class KafkaRig : IAsyncDisposable
{
    private static readonly Plan DefaultPlan =
        Plan.Parse("""{"frames":["1min"],"indicators":["ema(3)"],"rules":["buy when close > ema(3) on 1min"]}""");

    // In the mock cluster a rebalance may last as long as a session.
    private const string Session = """
        "librdkafka":{"session.timeout.ms":"1000","heartbeat.interval.ms":"100"}
        """;

    private readonly TemporaryFolder folder = new();
    private readonly List<IConnector> connectors = [];
    private readonly ActorSystem system = ConnectorSystem.Create();
    private readonly List<Record> expected = [];

    private KafkaRig(Plan plan, int brokers)
    {
        Plan = plan;
        Cluster = new KafkaMockCluster(brokers);
    }

    public Plan Plan { get; }

    public KafkaMockCluster Cluster { get; }

    public MemoryJournal Journal { get; } = new();

    public EmbeddedEngine Engine { get; private set; } = null!;

    public IngestPipeline IngestPipeline { get; private set; } = null!;

    public Notices Log { get; } = new();

    public static async Task<KafkaRig> StartAsync(Plan? plan = null, int brokers = 3)
    {
        var rig = new KafkaRig(plan ?? DefaultPlan, brokers);
        rig.Engine = await EmbeddedEngine.OpenAsync(rig.Plan, rig.Journal);
        rig.IngestPipeline = new IngestPipeline(rig.Engine);
        return rig;
    }

    /// <summary>Starts a connector with settings as written by a user, in addition to brokers and kind.</summary>
    public IConnector Connect(string settings, Func<KafkaInOptions, KafkaInOptions>? change = null, string? brokers = null)
    {
        var options = (KafkaInOptions)OptionsOf(settings, brokers ?? Cluster.Brokers);
        options = options with { CommitEvery = TimeSpan.FromMilliseconds(50), CheckEvery = TimeSpan.FromMilliseconds(500) };
        var connector = (change?.Invoke(options) ?? options).Create(
            new ConnectorServices(Engine, IngestPipeline, system, folder.Path, TimeProvider.System, Log));
        connectors.Add(connector);
        connector.Start();
        return connector;
    }

    public static ConnectorOptions OptionsOf(string settings, string brokers)
    {
        var text = """{"connectors":{"in":{"kind":"kafka","direction":"in","brokers":"BROKERS",SESSION,SETTINGS}}}"""
            .Replace("SESSION", Session, StringComparison.Ordinal)
            .Replace("BROKERS", brokers, StringComparison.Ordinal).Replace("SETTINGS", settings, StringComparison.Ordinal);
        var errors = new List<string>();
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();
        var all = ConnectorSettings.Read([new SettingsSource(static key => key, configuration)], errors);
        Assert.Empty(errors);
        return Assert.Single(all);
    }

    /// <summary>The current source of a partition of a topic.</summary>
    public async Task<Source> SourceAsync(string topic, int partition = 0)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Cluster.Brokers }).Build();
        var told = await admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(30) });
        return KafkaSources.Of(topic, partition, KafkaSources.IdentityOf(told.TopicDescriptions.Single().TopicId));
    }

    /// <summary>Lines of ticks of symbols that no other partition has, and the expected result: offsets from a first one on.</summary>
    public async Task<List<string>> LinesAsync(string topic, int partition, int count, long first = 0)
    {
        var source = await SourceAsync(topic, partition);
        var lines = new List<string>();
        for (var i = first; i < first + count; i++)
        {
            var (symbol, time, price) = ($"P{partition}S{i % 7}", 1_720_522_800 + i, 100 + (i * 37 % 50));
            lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"{{\"symbol\":\"{symbol}\",\"ts\":{time},\"price\":{price},\"size\":1}}"));
            expected.Add(Record.OfTick(
                Symbol.Parse(symbol), new Identity(source, 0, i), new Domain.Values.Timestamp(time * Domain.Values.Timestamp.Second),
                price * 100_000_000, 100_000_000));
        }

        return lines;
    }

    /// <summary>Waits until a number of records are folded.</summary>
    public Task AppliedAsync(long count) =>
        Until.True(() => Engine.LedgerAsync().Result.Sum(line => line.Applied + line.Late) >= count, $"{count} records");

    /// <summary>
    /// Checks that the engine has every line once, in order, with its signals; that the ledger balances; and the number of rejections.
    /// </summary>
    public async Task AssertStateAsync(long rejected = 0)
    {
        await AppliedAsync(expected.Count);
        var (market, log) = EngineReading.MarketOf(Plan, EngineReading.Inputs(expected));
        await EngineReading.AssertSameAsync(Engine, market, log);
        foreach (var line in await IngestPipeline.LedgerAsync())
        {
            Assert.Equal(line.Received, line.Applied + line.Late + line.Duplicate + line.Rejected);
            rejected -= line.Rejected;
        }

        Assert.Equal(0, rejected);
        Assert.Equal(expected.Count, (await IngestPipeline.LedgerAsync()).Sum(line => line.Applied + line.Late));
    }

    public async ValueTask DisposeAsync()
    {
        Journal.Resume();
        Cluster.SetUp();
        await Task.WhenAll(connectors.Select(connector => connector.DisposeAsync().AsTask()));
        await system.Terminate();
        await IngestPipeline.DisposeAsync();
        await Engine.DisposeAsync();
        Cluster.Dispose();
        folder.Dispose();
    }
}
