using System.Text;
using System.Text.Json;
using ActorTrading.Connectors.Outbound;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Ingest;
using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Connectors.Tests.Outbound;

/// <summary>Results reach the external system completely and in order, whatever fails and whenever the node stops.</summary>
public sealed class ResultConnectorTests : IAsyncLifetime
{
    private static readonly Plan Plan = TestPlans.All["every frame"];
    private static readonly Symbol Apple = Symbol.Parse("AAPL");

    private readonly TemporaryFolder folder = new();
    private readonly MemoryJournal journal = new();
    private readonly MemoryTopic topic = new();
    private readonly ActorSystem system = ConnectorSystem.Create();
    private EmbeddedEngine engine = null!;
    private IngestPipeline pipeline = null!;
    private bool isActive = true;

    public async Task InitializeAsync()
    {
        engine = await EmbeddedEngine.OpenAsync(Plan, journal);
        pipeline = new IngestPipeline(engine, new IngestPipelineOptions { Folder = folder.Path });
    }

    public async Task DisposeAsync()
    {
        topic.Resume();
        await system.Terminate();
        await pipeline.DisposeAsync();
        await engine.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Signals_ComeOnceEach_InTheOrderOfTheLog_AsTheyAreInTheHttpInterface()
    {
        var (inputs, log) = Market(1, 600);
        await using (Start(ResultKind.Signals))
        {
            await SendAsync(inputs);
            await Until.True(() => topic.Messages.Count == log.Signals.Count, "all signals are there");
        }

        var first = topic.Messages[0];
        Assert.Equal(
            Enumerable.Range(1, topic.Messages.Count).Select(position => new ResultPosition(position)),
            topic.Messages.Select(message => message.Position));
        var logged = await EngineReading.SignalsAsync(engine, 0, log.Signals.Count);
        Assert.Equal(logged.Select(signal => signal.Signal.Id), topic.Messages.Select(message => message.Id));
        Assert.Equal(logged.Select(signal => signal.Signal.Symbol.Name), topic.Messages.Select(message => message.Key));
        Assert.Equal((1, first.Id), (Json(first).GetProperty("position").GetInt64(), Json(first).GetProperty("id").GetString()));
        Assert.Equal(
            (first.Topic, first.Time.ToString()),
            (Json(first).GetProperty("name").GetString(), Json(first).GetProperty("time").GetString()));
    }

    [Theory]
    [InlineData(ResultKind.Signals)]
    [InlineData(ResultKind.Bars)]
    [InlineData(ResultKind.Volatility)]
    public async Task Results_AreComplete_InTheirOrder_WhateverFails_AndHoweverOftenTheNodeEnds(ResultKind kind)
    {
        var random = new Random((int)kind);
        var (inputs, _) = Market(2, 900);
        topic.FateOf = _ => random.Next(kind == ResultKind.Signals ? 20 : 200) switch
        {
            0 => MemoryTopic.Fate.KeptAndFailed,
            1 => MemoryTopic.Fate.Lost,
            _ => MemoryTopic.Fate.Kept,
        };
        for (var part = 0; part < 3; part++)
        {
            await using var connector = Start(kind, window: 16);
            var some = inputs.Skip(part * 300).Take(300).ToList();
            var before = topic.Messages.Count;
            await SendAsync(some);
            await Until.True(() => topic.Messages.Count > before, "some results are there");
            // Like another node, which has no cursor. The connector may be saving its own.
            if (part == 1) TemporaryFolder.Delete(folder.File("connectors"));
        }

        topic.FateOf = _ => MemoryTopic.Fate.Kept;
        var expected = await ExpectedAsync(kind);
        await using (Start(kind)) await Until.True(() => topic.Distinct.Count >= expected.Count, "all results are there");
        Assert.Equal(
            expected.Select(message => message.Id), topic.Distinct.OrderBy(message => message.Position).Select(message => message.Id));
        foreach (var key in topic.Distinct.GroupBy(message => message.Key))
            Assert.Equal(
                expected.Where(message => message.Key == key.Key).Select(message => message.Id), key.Select(message => message.Id));
        Assert.All(topic.Messages.GroupBy(message => message.Id), same => Assert.Single(same.Select(Text).Distinct()));
    }

    [Fact]
    public async Task OtherSystemThatIsSlow_IsSentNoMoreThanTheWindow_AndGetsAllWhenItIsBack()
    {
        var (inputs, log) = Market(3, 600);
        topic.Stall();
        await using var connector = Start(ResultKind.Signals, window: 8);
        await SendAsync(inputs);
        Assert.True(log.Signals.Count > 20);
        await Until.True(() => topic.Waiting == 8, "the window is full");
        await Task.Delay(100);
        Assert.Equal(8, topic.Waiting);
        await Until.True(() => connector.Status.Lag == log.Signals.Count, "the log has all signals");
        topic.Resume();
        await Until.True(() => connector.Status is { Lag: 0 } status && status.Messages == log.Signals.Count, "it has caught up");
        Assert.Equal((log.Signals.Count, ConnectorPhase.Running), (topic.Messages.Count, connector.Status.Phase));
        await connector.DisposeAsync();
        await connector.DisposeAsync(); // like a node that is told to stop and then ends
        Assert.Equal(ConnectorPhase.Stopped, connector.Status.Phase);
    }

    [Fact]
    public async Task OtherSystemThatIsDown_IsToldInTheStatus_AndGetsAllWhenItIsBack()
    {
        var (inputs, log) = Market(4, 300);
        topic.IsDown = true;
        await using var connector = Start(ResultKind.Signals);
        await Until.True(() => connector.Status.Errors > 0, "it is noticed");
        Assert.Equal((ConnectorPhase.Connecting, "It is down."), (connector.Status.Phase, connector.Status.LastError));
        await SendAsync(inputs);
        topic.IsDown = false;
        await Until.True(() => topic.Messages.Count == log.Signals.Count, "all signals are there");
    }

    [Fact]
    public async Task NewConnector_BeginsWithWhatIsToCome_OrWithTheFirst_AsItIsTold()
    {
        var (inputs, log) = Market(5, 600);
        var old = await SendFirstAsync(inputs, 300);
        await using (var connector = Start(ResultKind.Signals))
            await Until.True(() => connector.Status.Phase == ConnectorPhase.Running, "it is connected");
        await SendAsync(inputs.Skip(300).ToList()); // while it is stopped: it had begun
        await using (Start(ResultKind.Signals))
            await Until.True(() => topic.Messages.Count == log.Signals.Count - old, "the new ones are there");
        Assert.Equal(old + 1, topic.Messages[0].Position.Major);

        var other = new MemoryTopic();
        await using var first = Start(ResultKind.Signals, options => options with { FromFirst = true }, other, "other");
        await Until.True(() => other.Messages.Count == log.Signals.Count, "all are there");
    }

    [Fact]
    public async Task PassiveNode_SendsNothing_AndTheActiveOneGoesOnWhereTheTopicEnds()
    {
        var (inputs, log) = Market(6, 600);
        isActive = false;
        await using var connector = Start(ResultKind.Signals);
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Standby, "it stands by");
        var old = await SendFirstAsync(inputs, 300);
        Assert.Equal(0, topic.Opened);
        isActive = true;
        await Until.True(() => topic.Distinct.Count == old, "it sends");
        isActive = false;
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Standby, "it stands by again");
        var sent = topic.Messages.Count;
        await SendAsync(inputs.Skip(300).ToList());
        await Task.Delay(100);
        Assert.Equal(sent, topic.Messages.Count);
        isActive = true;
        await Until.True(() => topic.Distinct.Count == log.Signals.Count, "it goes on");
        Assert.Equal(topic.Distinct.Select(message => message.Position).Order(), topic.Distinct.Select(message => message.Position));
    }

    [Fact]
    public async Task Withdrawals_AreSent_AsTheSignalLogHasThem()
    {
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["1min"],"rules":["buy when close > 1000 on tick"]}"""));
        await using var connector = Start(ResultKind.Signals);
        var record = Record.OfTick(
            Apple, new Identity(Source.Parse("feed"), 0, 1), new Timestamp(1_720_522_800L * Timestamp.Second), 2_000 * Fixed8.One,
            Fixed8.One);
        await (await engine.SubmitAsync(new[] { record })).Durable;
        await Until.True(() => topic.Messages.Count == 1, "the signal is there");
        await engine.ExcludeAsync(Apple, new ExclusionRequest(ExclusionRequest.ParseId("feed:1")!));
        await Until.True(() => topic.Messages.Count == 2, "the withdrawal is there");
        Assert.Equal(
            ("buy", "withdrawn"),
            (Json(topic.Messages[0]).GetProperty("action").GetString(), Json(topic.Messages[1]).GetProperty("action").GetString()));
        Assert.Equal($"{topic.Messages[0].Id}/withdrawn", topic.Messages[1].Id);
    }

    [Fact]
    public async Task Rejects_AreTheLinesOfTheQuarantine_OnceEach_AlsoThoseOfTheTimeWithoutAConnector()
    {
        await using (Start(ResultKind.Rejects))
        {
            await RefuseAsync(1, 2);
            await Until.True(() => topic.Messages.Count == 2, "they are there");
        }

        await RefuseAsync(3);
        await using (Start(ResultKind.Rejects))
        {
            await RefuseAsync(4);
            await Until.True(() => topic.Distinct.Count == 4, "all are there");
        }

        Assert.Equal(["AAPL", "AAPL", "AAPL", "AAPL"], topic.Distinct.Select(message => message.Key));
        Assert.Equal([1L, 2, 3, 4], topic.Distinct.Select(message => Json(message).GetProperty("seq").GetInt64()));
        Assert.All(topic.Distinct, message => Assert.Equal("price_not_positive", Json(message).GetProperty("reason").GetString()));
        Assert.All(topic.Distinct, message => Assert.EndsWith($"/{message.Position}", message.Id, StringComparison.Ordinal));
        Assert.Single(topic.Distinct.Select(message => message.Id.Split('/')[0]).Distinct());
    }

    [Fact]
    public async Task PlanWithoutWhatTheSettingsName_IsTold_AndWaitedFor()
    {
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["1min"]}"""));
        await using var connector = Start(ResultKind.Volatility);
        await Until.True(() => connector.Status.LastError is not null, "it is noticed");
        Assert.Equal("the plan does not list the frame tick", connector.Status.LastError);
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["tick"],"indicators":["sma(100)"]}"""));
        await Until.True(() => connector.Status.LastError!.Contains("ema(100)", StringComparison.Ordinal), "the next thing is noticed");
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["tick"],"indicators":["sma(100)","ema(100)"]}"""));
        await Until.True(() => connector.Status.Phase == ConnectorPhase.Running, "it begins");
    }

    [Fact]
    public async Task PositionOfAnotherJournal_IsAnErrorAndNoGap()
    {
        new ResultCursor(Path.Combine(folder.Path, "connectors", "results.cursor")).Save(new ResultPosition(1_000_000));
        await using var signals = Start(ResultKind.Signals);
        await Until.True(() => signals.Status.LastError?.Contains("another journal", StringComparison.Ordinal) == true, "it is told");
        await using var bars = Start(ResultKind.Bars);
        await Until.True(() => bars.Status.LastError?.Contains("another journal", StringComparison.Ordinal) == true, "it is told");
        Assert.Empty(topic.Messages);
    }

    private static (List<Input> Inputs, FoldLog Log) Market(int seed, int count)
    {
        var inputs = EngineReading.Inputs(HostileMarkets.Records(seed, count, 20 * Timestamp.Second)); // without clocks that run ahead
        return (inputs, EngineReading.MarketOf(Plan, inputs).Log);
    }

    private static string Text(ResultMessage message) => Encoding.UTF8.GetString(message.Value.Span);

    private static JsonElement Json(ResultMessage message) => JsonSerializer.Deserialize<JsonElement>(message.Value.Span);

    private ResultConnector Start(ResultKind kind, int window = 1_024) => Start(kind, options => options, topic, "results", window);

    private ResultConnector Start(
        ResultKind kind, Func<ResultOptions, ResultOptions> change, MemoryTopic to, string name, int window = 1_024)
    {
        var options = change(OptionsOf(kind));
        var connector = new ResultConnector(name, "memory", Services, options, _ => to.Connect())
        {
            Window = window, LongestWait = TimeSpan.FromMilliseconds(20),
        };
        connector.Start();
        var cursor = Path.Combine(folder.Path, "connectors", $"{name}.cursor");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(cursor), EngineReading.Timeout)); // from here on nothing belongs to the past
        return connector;
    }

    /// <summary>Of volatility, the indicators of the tests' plan.</summary>
    private ResultOptions OptionsOf(ResultKind kind)
    {
        var options = new ResultOptions { Kind = kind };
        if (kind != ResultKind.Volatility || !ReferenceEquals(engine.Plan, Plan)) return options;
        Assert.True(ResultField.TryParse("EXP_MOVING_AVG", "ema(3)", out var field));
        return options with { Fields = [field] };
    }

    private ConnectorServices Services => new(
        engine, pipeline, system, Path.Combine(folder.Path, "connectors"), TimeProvider.System, NullLogger.Instance)
    {
        LastSignal = () => engine.LastSignal, IsActive = () => isActive,
    };

    private async Task<List<ResultMessage>> ExpectedAsync(ResultKind kind)
    {
        var all = new List<ResultMessage>();
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        var stream = ResultStreams.Of(Services, OptionsOf(kind), "expected");
        var end = await stream.EndAsync(patience.Token);
        await foreach (var message in stream.ReadAsync(default, patience.Token))
        {
            if (!message.IsMark) all.Add(message);
            if (message.Position.CompareTo(end) >= 0) break;
        }

        Assert.NotEmpty(all);
        Assert.Equal(all.Select(message => message.Id).Distinct(), all.Select(message => message.Id));
        return all;
    }

    private Task SendAsync(List<Input> inputs) => EngineReading.SendAsync(engine, inputs, 20);

    /// <summary>Sends the first of the inputs; returns the number of their signals when all of them are in the log.</summary>
    private async Task<int> SendFirstAsync(List<Input> inputs, int count)
    {
        var first = inputs.Take(count).ToList();
        var signals = EngineReading.MarketOf(Plan, first).Log.Signals.Count;
        Assert.NotEqual(0, signals);
        await SendAsync(first);
        await Until.True(() => engine.LastSignal == signals, "their signals are in the log");
        return signals;
    }

    private async Task RefuseAsync(params long[] seqs)
    {
        var records = seqs.Select(seq => Record.OfTick(
            Apple, new Identity(Source.Parse("feed"), 0, seq), new Timestamp(1_720_522_800L * Timestamp.Second), -Fixed8.One, Fixed8.One))
                .ToArray();
        await (await pipeline.SubmitAsync(records, [], new Sender("tcp", "127.0.0.1:5", Source.Anonymous))).Durable
            .WaitAsync(EngineReading.Timeout);
    }
}
