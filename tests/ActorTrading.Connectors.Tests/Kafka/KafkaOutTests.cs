using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTrading.Connectors.Kafka.Out;
using ActorTrading.Connectors.Outbound;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using Akka.Actor;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Record = ActorTrading.Domain.Records.Record;
using Timestamp = ActorTrading.Domain.Values.Timestamp;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>Results on topics of a cluster of brokers: complete, in order, and equal to the values of the replaced systems.</summary>
public sealed class KafkaOutTests : IAsyncLifetime
{
    private const long Start = 1_720_522_800; // a whole hour

    private static readonly Plan EveryFrame = TestPlans.All["every frame"];

    private readonly TemporaryFolder folder = new();
    private readonly KafkaMockCluster cluster = new(3);
    private readonly MemoryJournal journal = new();
    private readonly ActorSystem system = ConnectorSystem.Create();
    private EmbeddedEngine engine = null!;
    private IngestPipeline pipeline = null!;

    public async Task InitializeAsync()
    {
        engine = await EmbeddedEngine.OpenAsync(EveryFrame, journal);
        pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Folder = folder.Path });
    }

    public async Task DisposeAsync()
    {
        cluster.SetUp();
        await system.Terminate();
        await pipeline.DisposeAsync();
        await engine.DisposeAsync();
        cluster.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task EverySignal_IsThereOnce_AfterRepeatsAreDropped_WhileBrokersAreLost_AndTheConnectorComesAndGoes()
    {
        cluster.CreateTopic("signals", 4);
        var inputs = EngineReading.Inputs(HostileMarkets.Records(7, 1_200, 20 * Timestamp.Second));
        var log = EngineReading.MarketOf(EveryFrame, inputs).Log;
        for (var part = 0; part < 4; part++)
        {
            await using var connector = await ConnectAsync(""" "results":"signals" """);
            if (part == 1) LoseBroker(2);
            if (part == 2) cluster.SetDown();
            await EngineReading.SendAsync(engine, inputs.Skip(part * 300).Take(300), 20);
            if (part == 1) await Until.True(() => connector.Status.Messages > 0, "some were sent by way of the other brokers");
            cluster.SetUp();
            if (part % 2 == 0) await Until.True(() => connector.Status.Lag == 0, "all are sent");
            if (part == 2) TemporaryFolder.Delete(folder.File("connectors")); // another node continues
        }

        await Until.True(() => engine.LastSignal == log.Signals.Count, "all are logged");
        await using (var last = await ConnectAsync(""" "results":"signals" """))
            await Until.True(() => last.Status.Lag == 0, "all are sent");
        var messages = Read("signals");
        Assert.Equal(
            Enumerable.Range(1, log.Signals.Count).Select(position => $"{position}"),
            Distinct(messages).Select(Position).OrderBy(long.Parse));
        foreach (var key in Distinct(messages).GroupBy(message => message.Message.Key))
        {
            Assert.Single(key.Select(message => message.Partition.Value).Distinct());
            Assert.Equal(log.Signals.Where(signal => signal.Symbol.Name == key.Key).Select(signal => signal.Id), key.Select(Id));
        }

        Assert.All(messages, message => Assert.Equal(
            Json(message).GetProperty("position").GetInt64(), long.Parse(Position(message), CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("bars", "bars")]
    [InlineData("values", "indicator_results")]
    public async Task BarsAndValues_AreComplete_InTheOrderOfTheirSymbol(string results, string topic)
    {
        cluster.CreateTopic(topic, 3);
        var inputs = EngineReading.Inputs(HostileMarkets.Records(8, 600, 20 * Timestamp.Second));
        var log = EngineReading.MarketOf(EveryFrame, inputs).Log;
        var bars = log.Bars.Count(bar => bar.Frame != Frame.Tick);
        Assert.True(bars > 50);
        await using (await ConnectAsync($""" "results":"{results}" """)) await EngineReading.SendAsync(engine, inputs.Take(400), 20);
        await EngineReading.SendAsync(engine, inputs.Skip(400), 20);
        await using (await ConnectAsync($""" "results":"{results}" """))
            await Until.True(() => Distinct(Read(topic)).Count >= bars, "all are there");
        var distinct = Distinct(Read(topic));
        Assert.Equal(bars, distinct.Count);
        foreach (var key in distinct.GroupBy(message => message.Message.Key))
        {
            var positions = key.Select(message => ResultPosition.TryParse(Position(message), out var position) ? position : default)
                .ToList();
            Assert.Equal(positions.Order(), positions);
        }
    }

    [Fact]
    public async Task PricesOfD_GiveItsMovingAverages_OfEachPrice_NullBeforeAHundred()
    {
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["tick"],"indicators":["sma(100)","ema(100)","volatility(100)"]}"""));
        await using var connector = await ConnectAsync(
            """ "results":"volatility","fields":{"MOVING_AVG":"sma(100)","EXP_MOVING_AVG":"ema(100)","VOLATILITY":"volatility(100)"} """);
        var random = new Random(11);
        var prices = new Dictionary<string, List<double>> { ["GB0002634946"] = [], ["DE0007164600"] = [] };
        for (var i = 0; i < 460; i++)
        {
            var isin = i % 3 == 0 ? "DE0007164600" : "GB0002634946";
            var price = Math.Round(100 + (10 * random.NextDouble()), 4);
            prices[isin].Add(price);
            await AcceptAsync($$"""{"ISIN":"{{isin}}","PRICE":{{price.ToString(CultureInfo.InvariantCulture)}},"DATETIME":"{{At(i)}}"}""");
        }

        await Until.True(() => connector.Status.Messages == 460, "all are sent");
        foreach (var (isin, all) in prices)
        {
            var told = Distinct(Read("volatility")).Where(message => message.Message.Key == isin).Select(Json).ToList();
            Assert.Equal(all.Count, told.Count);
            double? ema = null;
            for (var i = 0; i < all.Count; i++)
            {
                Assert.Equal(isin, told[i].GetProperty("ISIN").GetString());
                var window = all.Take(i + 1).TakeLast(100).ToList();
                double? average = window.Count == 100 ? window.Average() : null;
                ema = ema is { } before ? before + (2.0 / 101 * (all[i] - before)) : average;
                var returns = i >= 100 ? all.Skip(i - 100).Take(101).ToList() : null;
                AssertClose(average, told[i].GetProperty("MOVING_AVG"));
                AssertClose(ema, told[i].GetProperty("EXP_MOVING_AVG"));
                AssertClose(
                    returns is null
                        ? null
                        : Deviation([.. returns.Zip(returns.Skip(1), (one, next) => (next / one) - 1)]),
                    told[i].GetProperty("VOLATILITY"));
                Assert.Equal(4 + 1, told[i].EnumerateObject().Count());
            }
        }

        Assert.Equal(At(0), Read("volatility").Min(message => Json(message).GetProperty("DATETIME").GetString()));
    }

    [Fact]
    public async Task PricesOfA_GiveItsIndicators_ByStockAndFrame()
    {
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["1min","5min"],"indicators":["sma(5)","rsi(4)"]}"""));
        await using var connector = await ConnectAsync(""" "results":"values","fields":{"MovingAverage":"sma(5)","RSI":"rsi(4)"} """);
        var random = new Random(12);
        var ticks = new List<(string Stock, long Second, double Price)>();
        for (var i = 0; i < 900; i++)
        {
            var tick = (Stock: i % 2 == 0 ? "AAPL" : "MSFT", Second: i * 7L, Price: Math.Round(50 + (20 * random.NextDouble()), 2));
            ticks.Add(tick);
            await AcceptAsync(
                $$"""{"stock_id":"{{tick.Stock}}","price":{{tick.Price.ToString(CultureInfo.InvariantCulture)}},"timestamp":{{Start + tick.Second}}}""");
        }

        foreach (var (frame, length) in new[] { ("1min", 60L), ("5min", 300L) })
        {
            foreach (var stock in new[] { "AAPL", "MSFT" })
            {
                var closes = ticks.Where(tick => tick.Stock == stock).GroupBy(tick => tick.Second / length).Select(bar => bar.Last().Price)
                    .SkipLast(1).ToList();
                await Until.True(() => Told(stock, frame).Count >= closes.Count, "all are sent");
                var told = Told(stock, frame);
                Assert.Equal(closes.Count, told.Count);
                var rsi = Rsi(closes, 4);
                for (var i = 0; i < closes.Count; i++)
                {
                    AssertClose(i >= 4 ? closes.Skip(i - 4).Take(5).Average() : null, told[i].GetProperty("MovingAverage"));
                    AssertClose(rsi[i], told[i].GetProperty("RSI"));
                }
            }
        }

        List<JsonElement> Told(string stock, string frame) => [.. Distinct(Read("indicator_results"))
            .Where(message => message.Message.Key == stock && Json(message).GetProperty("time_frame").GetString() == frame
                && Json(message).GetProperty("stock_id").GetString() == stock).Select(message => Json(message).GetProperty("results"))];
    }

    [SkippableFact]
    public async Task ForeignClient_SeesKeysAndHeaders()
    {
        Skip.IfNot(Kcat.IsInstalled, "kcat is not installed");
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["1min"],"rules":["buy when close > 10 on tick"]}"""));
        await using var connector = await ConnectAsync(""" "results":"signals","topic":"buys" """);
        await AcceptAsync($$"""{"symbol":"AAPL","ts":{{Start}},"price":11}""");
        await Until.True(() => connector.Status.Messages == 1, "it is sent");
        var id = (await EngineReading.SignalsAsync(engine, 0, 1))[0].Signal.Id;
        var line = await Kcat.RunAsync([], "-C", "-b", cluster.Brokers, "-t", "buys", "-e", "-q", "-f", "%k|%h\n");
        Assert.Equal($"AAPL|id={id},position=1,delivered=0,connector=out,time=2024-07-09T11:00:00Z\n", line);
    }

    [Fact]
    public async Task TopicWithMessagesOfOthersAtItsEnd_StillTellsWhereToGoOn()
    {
        cluster.CreateTopic("signals");
        var inputs = EngineReading.Inputs(HostileMarkets.Records(9, 600, 20 * Timestamp.Second));
        await using (var first = await ConnectAsync(""" "results":"signals" """))
        {
            await EngineReading.SendAsync(engine, inputs.Take(300), 20);
            await Until.True(() => first.Status is { Lag: 0, Messages: > 0 }, "all are sent");
        }

        await cluster.ProduceAsync("signals", 0, Enumerable.Range(0, 700).Select(i => $"{i}"));
        Directory.Delete(Path.Combine(folder.Path, "connectors"), recursive: true);
        await EngineReading.SendAsync(engine, inputs.Skip(300), 20);
        var signals = EngineReading.MarketOf(EveryFrame, inputs).Log.Signals.Count;
        await Until.True(() => engine.LastSignal == signals, "all are logged");
        await using (var second = await ConnectAsync(""" "results":"signals" """))
            await Until.True(() => second.Status is { Lag: 0, Messages: > 0 }, "all are sent");
        var mine = Read("signals").Where(message => message.Message.Headers.Count > 0).Select(Position).ToList();
        Assert.Equal(Enumerable.Range(1, signals).Select(position => $"{position}"), mine); // one partition: no duplicates
    }

    [Theory]
    [InlineData(""" "results":"ticks" """, "results")]
    [InlineData(""" "topic":"x" """, "results")]
    [InlineData(""" "results":"signals","frames":"1min" """, "frames")]
    [InlineData(""" "results":"bars","fields":{"A":"sma(2)"} """, "fields")]
    [InlineData(""" "results":"values","fields":{"A":"macd"} """, "fields:A")]
    [InlineData(""" "results":"values","frames":"1mins" """, "frames")]
    [InlineData(""" "results":"signals","topic":"no topic" """, "topic")]
    [InlineData(""" "results":"signals","from":"yesterday" """, "from")]
    [InlineData(""" "results":"signals","compression":"rar" """, "compression")]
    [InlineData(""" "results":"signals","group":"g" """, "group")]
    public void SettingThatIsWrong_IsRefused_WithItsPath(string settings, string key)
    {
        var (_, errors) = OptionsOf(settings);
        Assert.StartsWith($"connectors:out:{key}: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    /// <summary>A broker is lost, and the others take over its partitions.</summary>
    private void LoseBroker(int broker)
    {
        cluster.SetDown(broker);
        for (var partition = 0; partition < 4; partition++) cluster.SetLeader("signals", partition, partition % 2 == 0 ? 1 : 3);
    }

    [Fact]
    public void ExamplesOfTheDocs_AreRead_AndTheirPlansHaveWhatTheyName()
    {
        var page = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "kafka-out.md"));
        var plans = page.Split('\n').Where(line => line.StartsWith("    { \"frames\"", StringComparison.Ordinal))
            .Select(line => Plan.Parse(line)).ToList();
        Assert.Equal(2, plans.Count);
        var read = 0;
        foreach (var example in page.Split("```json").Skip(1).Select(rest => JsonNode.Parse(rest.Split("```")[0])!))
        {
            var connectors = example["connectors"]!.AsObject();
            foreach (var name in connectors.Where(one => (string?)one.Value!["direction"] != "out").Select(one => one.Key).ToList())
                connectors.Remove(name);
            var errors = new List<string>();
            var values = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(example.ToJsonString()))).Build();
            var all = ConnectorSettings.Read([new SettingsSource(static key => key, values)], errors).Cast<KafkaOutOptions>().ToList();
            Assert.Empty(errors);
            Assert.All(
                all.Where(one => one.Results.Fields is not null),
                one => Assert.Contains(plans, plan => one.Results.Problem(plan) is null));
            read += all.Count;
        }

        Assert.Equal(5, read);
    }

    private static void AssertClose(double? expected, JsonElement actual)
    {
        if (expected is null) Assert.Equal(JsonValueKind.Null, actual.ValueKind);
        else Assert.Equal(expected.Value, actual.GetDouble(), 1e-9 * Math.Max(1, Math.Abs(expected.Value)));
    }

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    private static List<double?> Rsi(List<double> closes, int length)
    {
        var all = new List<double?>();
        var (gain, loss) = (0.0, 0.0);
        for (var i = 0; i < closes.Count; i++)
        {
            var change = i == 0 ? 0 : closes[i] - closes[i - 1];
            if (i > 0 && i <= length) (gain, loss) = (gain + (Math.Max(change, 0) / length), loss + (Math.Max(-change, 0) / length));
            else if (i > length)
                (gain, loss) = (gain + ((Math.Max(change, 0) - gain) / length), loss + ((Math.Max(-change, 0) - loss) / length));
            all.Add(i < length ? null : 100 * gain / (gain + loss));
        }

        return all;
    }

    private static string At(int second) =>
        DateTimeOffset.FromUnixTimeSeconds(Start + second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static List<ConsumeResult<string, byte[]>> Distinct(IEnumerable<ConsumeResult<string, byte[]>> messages) =>
        [.. messages.DistinctBy(Id)];

    private static string Id(ConsumeResult<string, byte[]> message) => Header(message, KafkaHeaders.Id);

    private static string Position(ConsumeResult<string, byte[]> message) => Header(message, KafkaHeaders.Position);

    private static string Header(ConsumeResult<string, byte[]> message, string name) =>
        Encoding.UTF8.GetString(message.Message.Headers.GetLastBytes(name));

    private static JsonElement Json(ConsumeResult<string, byte[]> message) =>
        JsonSerializer.Deserialize<JsonElement>(message.Message.Value);

    private (ConnectorOptions? Options, List<string> Errors) OptionsOf(string settings)
    {
        var text = """{"connectors":{"out":{"kind":"kafka","direction":"out","brokers":"BROKERS",SETTINGS}}}"""
            .Replace("BROKERS", cluster.Brokers, StringComparison.Ordinal).Replace("SETTINGS", settings, StringComparison.Ordinal);
        var errors = new List<string>();
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();
        return (ConnectorSettings.Read([new SettingsSource(static key => key, configuration)], errors).SingleOrDefault(), errors);
    }

    private async Task<IConnector> ConnectAsync(string settings)
    {
        var (options, errors) = OptionsOf(settings);
        Assert.Empty(errors);
        var connector = options!.Create(new ConnectorServices(
            engine, pipeline, system, Path.Combine(folder.Path, "connectors"), TimeProvider.System, NullLogger.Instance)
        {
            LastSignal = () => engine.LastSignal,
        });
        connector.Start();
        await Until.True(() => File.Exists(Path.Combine(folder.Path, "connectors", "out.cursor")), "from here on nothing is past");
        return connector;
    }

    private async Task AcceptAsync(string line)
    {
        var records = new List<Record>();
        new ActorTrading.Wire.Text.RecordParser(new ActorTrading.Wire.Text.ParserOptions())
            .Parse(Encoding.UTF8.GetBytes(line), 0, new Sink(records));
        await (await engine.SubmitAsync(records.ToArray())).Durable.WaitAsync(EngineReading.Timeout);
    }

    private List<ConsumeResult<string, byte[]>> Read(string topic) =>
        [.. cluster.Read(topic).Select(read => new ConsumeResult<string, byte[]>
    {
        TopicPartitionOffset = read.TopicPartitionOffset,
        Message = new Message<string, byte[]>
        {
            Key = read.Message.Key is { } key ? Encoding.UTF8.GetString(key) : "",
            Value = read.Message.Value,
            Headers = read.Message.Headers ?? [],
        },
    })];

    private sealed class Sink(List<Record> records) : Wire.IRecordSink
    {
        public void OnRecord(in Record record) => records.Add(record);

        public void OnRejected(in Wire.RejectedInput input) => Assert.Fail($"{input.Rejection}");
    }
}
