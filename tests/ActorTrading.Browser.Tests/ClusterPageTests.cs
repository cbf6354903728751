using System.Text.Json;
using ActorTrading.EndToEnd.Tests;
using ActorTrading.Host.Tests;
using ActorTrading.TestKit;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>The page Cluster: a real cluster with a market, one of whose nodes dies, and a single node.</summary>
[Collection(Chromium.Collection)]
public sealed class ClusterPageTests(Chromium chromium) : IDisposable
{
    private static readonly LocatorWaitForOptions Long = new() { Timeout = 60_000 };

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [BrowserFact]
    public async Task NodeThatIsKilled_LosesItsTilesToTheOthers_OnThePageOfASurvivor()
    {
        using var cluster = await ClusterProcess.StartAsync("--demo", "--data", folder.File("cluster"));
        await chromium.VisitAsync(cluster.Nodes[2].Api, "#/cluster", async visit =>
        {
            var page = visit.Page;
            var (first, second, third) = (cluster.Nodes[1].Cluster, cluster.Nodes[2].Cluster, cluster.Nodes[3].Cluster);
            await Task.WhenAll(((string[])[first, second, third]).Select(node => TilesOf(page, node).First.WaitForAsync(Long)));

            // The page shows the data of the node.
            await UntilSameAsync(page, cluster.Nodes[2].Api, ToldOwnersAsync);
            foreach (var (number, node) in cluster.Nodes)
            {
                var card = page.Locator($".node[data-node='{node.Cluster}']");
                await card.Locator(".health", new() { HasText = "ready" }).WaitForAsync();
                Assert.Equal(number == 2 ? 0 : 1, await card.GetByRole(AriaRole.Link, new() { Name = "its page" }).CountAsync());
                await card.GetByText(node.Ticks).WaitForAsync();
            }

            Assert.Equal(Enumerable.Repeat(first, 5), await page.Locator(".singletons tbody .mono").AllTextContentsAsync());
            await page.GetByText("answers", new() { Exact = true }).WaitForAsync();
            Assert.Contains("3 nodes, 3 ready", await page.Locator(".summary").TextContentAsync(), StringComparison.Ordinal);
            Assert.Empty((await page.RunAxe()).Violations);

            var moving = await NumbersAsync(TilesOf(page, third));
            Assert.Equal(0, (await Cli.Run("cluster", "kill", "3", "--data", folder.File("cluster"))).ExitCode);
            await page.Locator($".node[data-node='{third}'] .health[data-kind='bad']").WaitForAsync(Long); // silent, then unreachable
            await page.Locator($".history li[data-event='removed']", new() { HasText = third }).WaitForAsync(Long);
            await page.WaitForFunctionAsync(
                "numbers => numbers.every(number => "
                + "document.querySelector(`.tile[data-shard='${number}']`)?.closest('.lane').dataset.node !== '' "
                + $"&& document.querySelector(`.tile[data-shard='${{number}}']`).closest('.lane').dataset.node !== '{third}')", moving,
                new() { Timeout = 90_000 });
            Assert.Equal(0, await page.Locator($".node[data-node='{third}']").CountAsync());
            var moved = await NumbersAsync(TilesOf(page, first));
            moved.AddRange(await NumbersAsync(TilesOf(page, second)));
            Assert.Subset(moved.ToHashSet(), moving.ToHashSet());
            await page.Locator(".history li[data-event='shard_moved']").First.WaitForAsync();
            await UntilSameAsync(page, cluster.Nodes[2].Api, ToldOwnersAsync);
        });
    }

    [BrowserFact]
    public async Task NodeAlone_ShowsItsPartitions_AndAllOfThemCanBeReachedByKeys()
    {
        await using var node = await RunningNode.StartAsync();
        await node.PostAsync("/ingest", """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""");
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/cluster", async visit =>
        {
            var page = visit.Page;
            await page.Locator(".tile").First.WaitForAsync();
            var partitions = (await node.GetAsync("/partitions")).GetProperty("partitions").GetArrayLength();
            Assert.Equal(partitions, await page.Locator(".tile").CountAsync());
            Assert.Equal(0, await page.GetByRole(AriaRole.Heading, new() { Name = "Singletons" }).CountAsync());
            await page.Locator(".node .health", new() { HasText = "ready" }).WaitForAsync();

            Assert.Equal(1, await page.Locator(".tile[tabindex='0']").CountAsync());
            await page.Locator(".tile").First.FocusAsync();
            for (var i = 0; i < partitions; i++)
            {
                await page.Locator(".detail h3", new() { HasText = $"Partition {i}" }).WaitForAsync();
                await page.Keyboard.PressAsync("ArrowRight");
            }

            var hosting = (await node.GetAsync("/partitions")).GetProperty("partitions").EnumerateArray()
                .First(part => part.GetProperty("symbols").GetInt32() > 0).GetProperty("partition").GetInt32();
            await page.Locator($".tile[data-shard='{hosting}']").ClickAsync();
            await page.Locator(".shard-symbols a[href='#/symbols/AAPL']").WaitForAsync();

            await page.GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
            await page.GetByRole(AriaRole.Grid, new() { Name = "Partitions" }).WaitForAsync();
            await Assertions.Expect(page.Locator(".shard-table .table-row")).ToHaveCountAsync(partitions);

            await page.GetByRole(AriaRole.Button, new() { Name = "Compute" }).ClickAsync();
            await page.Locator(".hash", new() { HasText = (await node.GetAsync("/state-hash")).GetProperty("state_hash").GetString()! })
                .WaitForAsync();
            Assert.Empty((await page.RunAxe()).Violations);
        });
    }

    [BrowserFact]
    public async Task PageThatNobodySees_AsksNothing_AndANodeThatIsAway_IsSaidToBe()
    {
        var node = await RunningNode.StartAsync();
        var asked = 0;
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/cluster", async visit =>
        {
            var page = visit.Page;
            page.Request += (_, request) => asked += request.Url.Contains("/cluster?", StringComparison.Ordinal) ? 1 : 0;
            await page.Locator(".tile").First.WaitForAsync();
            await page.EvaluateAsync("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
            await page.WaitForTimeoutAsync(1_500); // records that were in progress
            var before = asked;
            await page.WaitForTimeoutAsync(3_000);
            Assert.Equal(before, asked);
            await page.EvaluateAsync("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }");
            await page.WaitForRequestAsync(request => request.Url.Contains("/cluster?", StringComparison.Ordinal));

            visit.ExpectNodeAway();
            await node.DisposeAsync();
            await page.Locator(".lost", new() { HasText = "does not answer" }).WaitForAsync();
            Assert.Equal(1, await page.Locator(".node").CountAsync()); // its last report is kept
        });
    }

    private static ILocator TilesOf(IPage page, string node) => page.Locator($".lane[data-node='{node}'] .tile");

    private static async Task<List<int>> NumbersAsync(ILocator tiles) =>
        [.. (await tiles.EvaluateAllAsync<string[]>("tiles => tiles.map(tile => tile.dataset.shard)")).Select(int.Parse)];

    /// <summary>Waits until the page shows the node's data, which changes with each request.</summary>
    private static async Task UntilSameAsync(IPage page, Uri api, Func<Uri, Task<string>> told)
    {
        var shown = "";
        for (var i = 0; i < 60; i++)
        {
            shown = string.Join(' ', (await page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('.tile')].map(tile => `${tile.dataset.shard}=${tile.closest('.lane').dataset.node}`)"))
                .Order(StringComparer.Ordinal));
            if (shown == await told(api)) return;
            await page.WaitForTimeoutAsync(500);
        }

        Assert.Equal(await told(api), shown);
    }

    private async Task<string> ToldOwnersAsync(Uri api)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(api, "shards")));
        return string.Join(' ', answer.RootElement.GetProperty("shards").EnumerateArray()
            .Select(shard => $"{shard.GetProperty("shard").GetInt32()}={shard.GetProperty("owner").GetString()}")
            .Order(StringComparer.Ordinal));
    }
}
