using System.Text;
using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Redis;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Ingest;
using Akka.Actor;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Tests.Redis;

/// <summary>An engine, a Redis server, and connectors between them.</summary>
internal sealed class RedisRig : IAsyncDisposable
{
    public static readonly Plan Plan = Plan.Parse(
        """{"frames":["tick","1min"],"indicators":["ema(3)","sma(5)"],"rules":["buy when close > ema(3) on tick","sell when close < sma(5) on 1min"]}""");

    private readonly List<IConnector> connectors = [];
    private readonly ActorSystem system = ConnectorSystem.Create();

    private RedisRig(RedisProcess redis) => Redis = redis;

    public RedisProcess Redis { get; }

    public IDatabase Client => Redis.Client;

    public MemoryJournal Journal { get; } = new();

    public TemporaryFolder Folder { get; } = new();

    public Notices Log { get; } = new();

    public EmbeddedEngine Engine { get; private set; } = null!;

    public IngestPipeline IngestPipeline { get; private set; } = null!;

    public static async Task<RedisRig> StartAsync(Action<ConfigurationOptions>? client = null, params string[] options)
    {
        Skip.If(RedisProcess.Missing is not null, RedisProcess.Missing);
        var rig = new RedisRig(await RedisProcess.StartAsync(client, options));
        rig.Engine = await EmbeddedEngine.OpenAsync(Plan, rig.Journal);
        rig.IngestPipeline = new IngestPipeline(rig.Engine);
        return rig;
    }

    /// <summary>The services of a connector; with a folder, those of another node.</summary>
    public ConnectorServices Services(string? folder = null) =>
        new(Engine, IngestPipeline, system, folder ?? Folder.Path, TimeProvider.System, Log)
        {
            LastSignal = () => Engine.LastSignal,
        };

    public RedisInOptions In(params string[] streams) => new("ticks")
    {
        Server = new RedisServer { Addresses = [Redis.Address] }, Streams = streams, Lease = TimeSpan.FromSeconds(5),
    };

    public RedisInOptions OfList(string list) => In() with { Lists = [list] };

    public IConnector Start(ConnectorOptions options, string? folder = null)
    {
        var connector = options.Create(Services(folder));
        connectors.Add(connector);
        connector.Start();
        return connector;
    }

    /// <summary>Waits until a connector has handled a number of messages, and Redis has the acknowledgements.</summary>
    public static Task HandledAsync(IConnector connector, long messages) =>
        Until.True(() => connector.Status.Messages >= messages, $"{messages} messages are handled, and not {connector.Status}");

    public async Task<string> AddAsync(string stream, string id, params (string Name, string Value)[] fields) =>
        (string)(await Client.StreamAddAsync(stream, [.. fields.Select(field => new NameValueEntry(field.Name, field.Value))], id))!;

    /// <summary>The number of messages that the connector has not settled yet; -1 before its group exists.</summary>
    public async Task<long> PendingAsync(string stream)
    {
        try
        {
            return (await Client.StreamPendingAsync(stream, "actortrading")).PendingMessageCount;
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
        {
            return -1;
        }
    }

    /// <summary>Checks that the engine has exactly these records, in this order, and that all are accounted for.</summary>
    public async Task AssertStateAsync(params InboundMessage[] messages)
    {
        await using var other = await EmbeddedEngine.OpenAsync(Plan, new MemoryJournal());
        await using var pipeline = new IngestPipeline(other);
        if (messages.Length > 0)
        {
            foreach (var chunk in messages.Chunk(1_000))
                await (await new MessageIngest(pipeline, new MessageReading(), "test", "test").SubmitAsync(chunk)).Durable;
        }

        Assert.Equal(await other.HashAsync(), await Engine.HashAsync());
        foreach (var line in await IngestPipeline.LedgerAsync())
            Assert.Equal(line.Received, line.Applied + line.Late + line.Duplicate + line.Rejected);
    }

    public static InboundMessage Message(string source, long seq, string text, long epoch = 0) =>
        new(Source.Parse(source), epoch, seq, Encoding.UTF8.GetBytes(text));

    public static string Tick(string symbol, int number) =>
        $$"""{"symbol":"{{symbol}}","ts":{{Time(number)}},"price":{{Price(number)}},"size":{{Size(number)}}}""";

    /// <summary>The time of a tick, in seconds.</summary>
    public static long Time(int number) => 1_720_522_800 + number;

    public static long Price(int number) => 100 + (number * 7 % 13);

    public static long Size(int number) => number % 5;

    public async ValueTask DisposeAsync()
    {
        Journal.Resume();
        foreach (var connector in connectors.Where(connector => connector.Status.Phase != ConnectorPhase.Stopped))
            await connector.DisposeAsync();
        await IngestPipeline.DisposeAsync();
        await Engine.DisposeAsync();
        await system.Terminate();
        Redis.Dispose();
        Folder.Dispose();
    }
}
