using System.Text.Json;
using ActorTrading.Domain.Signals;
using ActorTrading.Host.Tests.Webhooks;
using ActorTrading.Host.Webhooks;

namespace ActorTrading.Host.Tests.Web;

public sealed class WebhookEndpointTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Webhook_IsToldWithWhatItDoes_AndNeverWithItsAddress()
    {
        var isBroken = true;
        await using var server = new HookServer(_ => new HookReply(Volatile.Read(ref isBroken) ? 503 : 200));
        var hook = new WebhookOptions
        {
            Name = "desk", Url = server.Url, Actions = new HashSet<SignalAction> { SignalAction.Buy },
            FirstWait = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromMilliseconds(400),
        };
        await using var node = await RunningNode.StartAsync(SymbolEndpointTests.Plan, options => options with { Webhooks = [hook] });
        var quiet = Only(await node.GetAsync("/webhooks"));
        Assert.Equal(0, Number(quiet, "waiting"));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (Kind(quiet, "last_answer"), Kind(quiet, "next_try")));
        Assert.Equal(["buy"], quiet.GetProperty("actions").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(JsonValueKind.Null, quiet.GetProperty("symbols").ValueKind);

        foreach (var (minute, price) in new[] { (30, 99), (31, 101), (32, 101) })
            await node.PostAsync("/ingest", $$"""{"symbol":"A","ts":"2024-07-09T14:{{minute}}:00Z","price":{{price}},"size":1}""");
        var failing = await UntilAsync(node, one => Number(one, "failures") > 0 && Kind(one, "next_try") == JsonValueKind.String);
        Assert.Equal((1, 0), (Number(failing, "waiting"), Number(failing, "delivered")));
        Assert.StartsWith("503", failing.GetProperty("last_answer").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("503", failing.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.True(failing.GetProperty("last_answer_time").GetDateTime() <= DateTime.UtcNow);

        Volatile.Write(ref isBroken, false);
        var well = await UntilAsync(node, one => Number(one, "waiting") == 0);
        Assert.Equal((1, 1, 0), (Number(well, "delivered"), Number(well, "position"), Number(well, "dead_letters")));
        Assert.StartsWith("200", well.GetProperty("last_answer").GetString(), StringComparison.Ordinal);
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (Kind(well, "fault"), Kind(well, "next_try")));
        var all = await node.GetAsync("/webhooks");
        Assert.DoesNotContain("hush", all.GetRawText(), StringComparison.Ordinal);
        Assert.Equal($"http://127.0.0.1:{server.Port}", Only(all).GetProperty("host").GetString());
        await OpenApiTests.CheckAsync(node, "/webhooks", all);
    }

    private static async Task<JsonElement> UntilAsync(RunningNode node, Func<JsonElement, bool> condition)
    {
        using var patience = new CancellationTokenSource(Timeout);
        while (true)
        {
            var one = Only(await node.GetAsync("/webhooks"));
            if (condition(one)) return one;
            await Task.Delay(10, patience.Token);
        }
    }

    private static JsonElement Only(JsonElement answer) => Assert.Single(answer.GetProperty("webhooks").EnumerateArray());

    private static JsonValueKind Kind(JsonElement json, string name) => json.GetProperty(name).ValueKind;

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
