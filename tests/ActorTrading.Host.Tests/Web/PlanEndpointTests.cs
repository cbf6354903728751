using System.Net;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.Host.Webhooks;

namespace ActorTrading.Host.Tests.Web;

public sealed class PlanEndpointTests
{
    private const string Rising =
        """{ "frames": ["1min"], "indicators": ["sma(2)"], "rules": [{ "name": "rising", "rule": "alert when close > 10 on tick" }] }""";
    private const string Falling =
        """{ "frames": ["5min"], "rules": [{ "name": "falling", "rule": "alert when close < 10 on tick" }] } // read""";

    [Fact]
    public async Task PlanThatWasPut_IsInForceAtOnce_AndAfterARestartWithoutOne()
    {
        await using var node = await RunningNode.StartAsync();
        var first = await node.GetAsync("/plan");
        Assert.Equal(Plan.Default.Hash.ToString(), first.GetProperty("hash").GetString());
        var told = await PutAsync(node, Rising, HttpStatusCode.OK);
        Assert.Equal(Plan.Parse(Rising).Hash.ToString(), told.GetProperty("hash").GetString());
        await TickAsync(node, 1, "9");
        await TickAsync(node, 2, "11");
        await PutAsync(node, Falling, HttpStatusCode.OK);
        await TickAsync(node, 3, "12");
        await TickAsync(node, 4, "8");
        await using (var signals = node.Node.Engine.SignalsAsync(0).GetAsyncEnumerator())
        {
            foreach (var name in new[] { "rising", "falling" })
            {
                Assert.True(await signals.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
                Assert.Equal(name, signals.Current.Signal.RuleName);
            }
        }

        var hash = (await node.GetAsync("/state-hash")).GetProperty("state_hash").GetString();
        await node.RestartAsync();
        Assert.Equal(Plan.Parse(Falling).Hash.ToString(), (await node.GetAsync("/plan")).GetProperty("hash").GetString());
        Assert.Equal(hash, (await node.GetAsync("/state-hash")).GetProperty("state_hash").GetString());
        Assert.Equal(
            ["tick", "5min"], (await node.GetAsync("/symbols/A")).GetProperty("frames").EnumerateObject().Select(frame => frame.Name));
        using var store = JournalStore.Open(node.Node.Journal.Location);
        var report = Verification.Run(store, plan: null);
        Assert.Empty(report.Faults);
        Assert.Equal(hash, report.Hash.ToString());
    }

    [Fact]
    public async Task PlanThatIsNone_IsRefusedWithThePlaceOfEveryMistake_AndNothingChanges()
    {
        await using var node = await RunningNode.StartAsync(Rising);
        var problem = await PutAsync(node, """{ "frame": ["1min"], "rules": ["buy when smma(20) > 3"] }""", HttpStatusCode.BadRequest);
        Assert.Equal("plan_refused", problem.GetProperty("code").GetString());
        var errors = problem.GetProperty("errors").EnumerateArray().ToList();
        Assert.True(errors.Single(error => error.GetProperty("path").GetString() == "$.frame").GetProperty("key").GetBoolean());
        var rule = errors.Single(error => error.GetProperty("path").GetString() == "$.rules[0]");
        Assert.Equal(("buy when smma(20) > 3", 10), (rule.GetProperty("text").GetString(), rule.GetProperty("column").GetInt32()));
        Assert.False(rule.TryGetProperty("key", out _));
        var broken = (await PutAsync(node, "{\n \"é\" 1}", HttpStatusCode.BadRequest)).GetProperty("errors")[0];
        Assert.Equal((2, 7), (broken.GetProperty("line").GetInt32(), broken.GetProperty("byte").GetInt32()));
        foreach (var text in new[] { "", "[", "\0", "null", "{}x" })
            Assert.Equal("plan_refused", (await PutAsync(node, text, HttpStatusCode.BadRequest)).GetProperty("code").GetString());
        Assert.Equal("too_large", (await PutAsync(node, new string(' ', Plan.MaxLength + 1), HttpStatusCode.RequestEntityTooLarge))
            .GetProperty("code").GetString());
        Assert.Equal(Plan.Parse(Rising).Hash.ToString(), (await node.GetAsync("/plan")).GetProperty("hash").GetString());
    }

    [Fact]
    public async Task PlanWithoutARuleThatAWebhookWaitsFor_IsNotChangedTo()
    {
        var hook = new WebhookOptions { Name = "desk", Url = new Uri("http://127.0.0.1:1/"), Rules = new HashSet<string> { "rising" } };
        await using var node = await RunningNode.StartAsync(Rising, options => options with { Webhooks = [hook] });
        var problem = await PutAsync(node, Falling, HttpStatusCode.Conflict);
        Assert.Equal("plan_not_changed", problem.GetProperty("code").GetString());
        Assert.Contains("'rising'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(Plan.Parse(Rising).Hash, node.Node.Plan.Hash);
    }

    private static async Task<JsonElement> PutAsync(RunningNode node, string text, HttpStatusCode status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        using var answer = await node.Client.PutAsync(new Uri("/plan", UriKind.Relative), content);
        return await RunningNode.ReadAsync(answer, status);
    }

    private static Task TickAsync(RunningNode node, int second, string price) => node.PostAsync(
        "/ingest", $$"""{"symbol":"A","ts":"2024-07-09T14:30:0{{second}}Z","price":{{price}},"size":1,"source":"feed","seq":{{second}}}""");
}
