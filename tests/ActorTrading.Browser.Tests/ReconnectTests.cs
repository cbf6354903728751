using ActorTrading.Host.Tests;
using ActorTrading.TestKit;

namespace ActorTrading.Browser.Tests;

/// <summary>A page reports that its node is unreachable, and continues by itself when the node is back.</summary>
[Collection(Chromium.Collection)]
public sealed class ReconnectTests(Chromium chromium)
{
    private const string Plan = """{"frames":["1min"],"indicators":[],"rules":[{"name":"up","rule":"buy when close > 100 on 1min"}]}""";

    private const string Subscribe =
        """
        async () => {
          window.seen = [];
          const live = await import(document.querySelector("script[type=module]").src.replace("app.js", "lib/live.js"));
          live.subscribe({ topics: ["signals"], from: 0 }, { signal: signal => window.seen.push(signal.position) }, new AbortController().signal);
        }
        """;

    [BrowserFact]
    public async Task NodeThatIsAwayForAWhile_IsWaitedFor_AndNoSignalIsMissedOrSeenTwice()
    {
        var port = FreePort.Next();
        await using var node = await RunningNode.StartAsync(Plan, options => options with { HttpPorts = [port] });
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/rules", async visit =>
        {
            await visit.Page.EvaluateAsync(Subscribe);
            await SendAsync(minute: 0);
            await visit.Page.WaitForFunctionAsync("() => window.seen.join() === '1'");
            await StateAsync("Live");

            visit.ExpectNodeAway();
            await node.Node.StopAsync();
            await StateAsync("Reconnecting");
            await node.RestartAsync();
            await StateAsync("Live");
            await SendAsync(minute: 10);
            await visit.Page.WaitForFunctionAsync("() => window.seen.length > 1");
            Assert.Equal("1,2", await visit.Page.EvaluateAsync<string>("() => window.seen.join()"));

            Task StateAsync(string words) => visit.Page.Locator(".connection", new() { HasText = words }).First.WaitForAsync();
        });

        // A bar below 100 and one above it, and the tick that closes it.
        async Task SendAsync(int minute)
        {
            for (var i = 0; i < 3; i++)
            {
                var price = i == 0 ? 99 : 101;
                await node.PostAsync(
                    "/ingest", $$"""{"symbol":"A","ts":"2024-07-09T14:{{minute + i:00}}:00Z","price":{{price}},"size":1}""");
            }
        }
    }
}
