using System.Net;
using System.Text.Json;
using ActorTrading.Domain.Plans;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Clustering;

/// <summary>Every node of a cluster checks plans, tries them, and serves the signal log; it reports its own webhooks.</summary>
public sealed class ClusterPlanTests
{
    private const string Rising = """{ "frames": ["1min"], "rules": [{ "name": "rising", "rule": "alert when close > 10 on tick" }] }""";
    private const string Falling = """{ "frames": ["1min"], "rules": [{ "name": "falling", "rule": "alert when close < 10 on tick" }] }""";

    [Fact]
    public async Task AnyNode_IsAsked()
    {
        var hook = new WebhookOptions
        {
            Name = "desk", Url = new Uri("http://127.0.0.1:1/"), FirstWait = TimeSpan.FromHours(1), LongestWait = TimeSpan.FromHours(1),
        };
        await using var first = await StartAsync(null, hook);
        await using var second = await StartAsync(first, null);
        for (var turn = 0; turn < 6; turn++)
        {
            var price = 9 + (turn % 2 * 2);
            var lines = Enumerable.Range(0, 8)
                .Select(n => $$"""{"symbol":"S{{n}}","ts":"2024-07-09T14:30:{{turn}}0Z","price":{{price}},"size":1}""");
            await first.PostAsync("/ingest", string.Join('\n', lines));
        }

        foreach (var node in new[] { first, second })
        {
            await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= 24);
            var log = await node.GetAsync("/signals?before=25&limit=5");
            var positions = log.GetProperty("signals").EnumerateArray().Select(one => one.GetProperty("position").GetInt64());
            Assert.Equal([24L, 23, 22, 21, 20], positions);
            var told = await node.PostAsync("/plan/dry-run", Falling);
            Assert.Equal((8, 48), (Number(told, "symbols"), Number(told, "records")));
            var counts = told.GetProperty("counts");
            Assert.Equal((24, 24), (Number(counts, "present"), Number(counts, "proposed")));
            Assert.Equal((24, 24, 0), (Number(counts, "come"), Number(counts, "go"), Number(counts, "stay")));
        }

        var replacing = new Uri($"/plan?replaces={Plan.Parse(Rising).Hash}", UriKind.Relative);
        using var put = await second.Client.PutAsync(replacing, new StringContent(Falling));
        await RunningNode.ReadAsync(put, HttpStatusCode.OK);
        Assert.True((await first.PostAsync("/plan/check", Falling)).GetProperty("in_force").GetBoolean());
        using var late = await first.Client.PutAsync(replacing, new StringContent(Rising));
        Assert.Equal("plan_changed", (await RunningNode.ReadAsync(late, HttpStatusCode.Conflict)).GetProperty("code").GetString());

        var hooks = await first.GetAsync("/webhooks");
        Assert.Equal(first.Node.Hosting!.Address, hooks.GetProperty("node").GetString());
        Assert.Equal("desk", Assert.Single(hooks.GetProperty("webhooks").EnumerateArray()).GetProperty("name").GetString());
        Assert.Empty((await second.GetAsync("/webhooks")).GetProperty("webhooks").EnumerateArray());
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static Task<RunningNode> StartAsync(RunningNode? first, WebhookOptions? hook) =>
        RunningNode.StartAsync(first is null ? Rising : null, options => options with
        {
            Kind = EngineKind.Cluster,
            Journal = first?.Node.Journal.Location,
            Webhooks = hook is null ? [] : [hook],
            Cluster = options.Cluster with { Port = 0, Seeds = first is null ? [] : [first.Node.Hosting!.Address!] },
        });
}
