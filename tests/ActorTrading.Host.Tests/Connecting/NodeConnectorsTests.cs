using ActorTrading.Connectors;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests.Web;

namespace ActorTrading.Host.Tests.Connecting;

public class NodeConnectorsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connector_RunsWhileTheNodeTakesRecords_OnBothEngines(bool isInCluster)
    {
        var options = new ScriptedConnectorOptions("queue");
        MessageOutcome[]? last = null;
        await using var running = await RunningNode.StartAsync(change: node => node with
        {
            Kind = isInCluster ? EngineKind.Cluster : EngineKind.Embedded,
            Cluster = node.Cluster with { Port = 0 },
            Connectors = [options],
        });
        var connector = options.Started!;
        Assert.Equal("connectors", connector.Services.System.Name);
        Assert.True(Directory.Exists(connector.Services.Folder));
        Assert.Empty((await (await connector.Ingest.SubmitAsync([Tick(1)])).Durable)[0].Rejections);

        // Records delivered while the connector stops are accepted: the ingest pipeline stops after it.
        connector.Ends = async () => last = await (await connector.Ingest.SubmitAsync([Tick(2)])).Durable;
        await running.Node.StopAsync();
        Assert.Equal((1, 1), (connector.Disposals, last!.Length));
        Assert.True(connector.Services.System.WhenTerminated.IsCompleted);
        Assert.Equal(ConnectorPhase.Stopped, connector.Status.Phase);
    }

    [Fact]
    public async Task ConnectorThatIsDown_IsToldAmongWhatIsDegraded_AndTheNodeIsReady()
    {
        var options = new ScriptedConnectorOptions("queue") { Lag = 17 };
        await using var running = await RunningNode.StartAsync(
            change: node => node with { Connectors = [options, new ScriptedConnectorOptions("sink", ConnectorDirection.Out)] });
        Assert.Equal("ready", (await running.GetAsync("/health/ready")).GetProperty("status").GetString());

        options.Started!.Meter.Failed("no broker answers");
        options.Started.Meter.Failed("no broker answers");
        var health = await running.GetAsync("/health/ready");
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal(
            ["Connector queue (scripted) is not connected: no broker answers"],
            health.GetProperty("degraded").EnumerateArray().Select(one => one.GetString()));

        var told = await running.GetAsync("/connectors");
        await OpenApiTests.CheckAsync(running, "/connectors", told);
        Assert.Equal(["queue", "sink"], told.GetProperty("connectors").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        var queue = told.GetProperty("connectors")[0];
        Assert.Equal(
            ("in", "connecting", 2, 17),
            (Text(queue, "direction"), Text(queue, "phase"), queue.GetProperty("errors").GetInt32(), queue.GetProperty("lag").GetInt32()));

        options.Started.Meter.Connected("broker:9092");
        options.Started.Meter.Handled(5, refused: 2);
        Assert.Equal("ready", (await running.GetAsync("/health/ready")).GetProperty("status").GetString());
        queue = (await running.GetAsync("/connectors")).GetProperty("connectors")[0];
        Assert.Equal(
            ("running", 5, 2, "no broker answers"),
            (Text(queue, "phase"), queue.GetProperty("messages").GetInt32(), queue.GetProperty("rejected").GetInt32(),
            Text(queue, "last_error")));
        Assert.Equal(System.Text.Json.JsonValueKind.String, queue.GetProperty("last_message").ValueKind);
    }

    [Fact]
    public async Task NodeThatTakesNoRecords_RunsOnlyConnectorsThatSendResults()
    {
        var (queue, sink) = (new ScriptedConnectorOptions("queue"), new ScriptedConnectorOptions("sink", ConnectorDirection.Out));
        await using var running = await RunningNode.StartAsync(change: node => node with
        {
            Kind = EngineKind.Cluster,
            Cluster = node.Cluster with { Port = 0, Roles = [.. Role.All.Where(role => role != Role.Ingest)] },
            Connectors = [queue, sink],
        });
        Assert.Null(queue.Started);
        Assert.True(sink.Started!.IsStarted);
    }

    [Fact]
    public async Task NodeWithoutConnectors_HasNone()
    {
        await using var running = await RunningNode.StartAsync();
        Assert.Null(running.Node.Connectors);
        Assert.False(Directory.Exists(Path.Combine(running.Node.Options.Data, "connectors")));
        Assert.Equal(0, (await running.GetAsync("/connectors")).GetProperty("connectors").GetArrayLength());
    }

    private static string? Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString();

    private static InboundMessage Tick(long seq) =>
        new(Source.Parse("queue/0"), 0, seq, """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":1}"""u8.ToArray());
}
