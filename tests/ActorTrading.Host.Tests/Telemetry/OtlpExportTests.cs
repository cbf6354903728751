using ActorTrading.Host.Tests.Webhooks;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Host.Tests.Telemetry;

public class OtlpExportTests
{
    [Fact]
    public async Task Collector_GetsTheInstruments_AsProtobufOverHttp_AtTheLatestWhenTheNodeStops()
    {
        await using var collector = new HookServer(_ => new HookReply(200, "Content-Type: application/x-protobuf"));
        await using (var running = await RunningNode.StartAsync(
            TestPlans.All["every frame"].ToJson(),
            options => options with { Telemetry = options.Telemetry with { Otlp = new Uri($"http://127.0.0.1:{collector.Port}") } }))
        {
            await EngineReading.SendAsync(
                running.Node.Engine, HostileMarkets.Stream(seed: 3, count: 500, step: Domain.Values.Timestamp.Second), 50);
        }

        Assert.NotEmpty(collector.Requests);
        Assert.All(collector.Requests, request =>
        {
            Assert.Equal("POST /v1/metrics HTTP/1.1", request.Line);
            Assert.Equal("application/x-protobuf", request.Headers["content-type"]);
        });
        var metrics = OtlpReader.Read(collector.Requests.Last().Body);
        Assert.Contains(metrics, metric => metric is { Name: "actortrading.journal.commit.duration", Unit: "s", Kind: "histogram" });
        Assert.Contains(metrics, metric => metric is { Name: "actortrading.partition.records", Kind: "sum" });
        Assert.Contains(metrics, metric => metric is { Name: "actortrading.build.info", Kind: "gauge" });
    }

    [Fact]
    public async Task CollectorThatIsNotThere_HarmsNobody()
    {
        int port;
        await using (var taken = new HookServer(_ => new HookReply(503))) port = taken.Port; // nobody listens there any more
        await using var running = await RunningNode.StartAsync(
            change: options => options with { Telemetry = options.Telemetry with { Otlp = new Uri($"http://127.0.0.1:{port}") } });
        Assert.Equal("ready", (await running.GetAsync("/health/ready")).GetProperty("status").GetString());
    }
}
