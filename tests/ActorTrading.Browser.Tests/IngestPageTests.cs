using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>The page Ingest: the received records, their outcomes, and the rejections.</summary>
[Collection(Chromium.Collection)]
public sealed class IngestPageTests(Chromium chromium)
{
    private const string Tick = """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1,"seq":1}""";

    [BrowserFact]
    public async Task Ledger_ShowsTheFiguresOfTheNode_AndThatTheyBalance()
    {
        await using var node = await RunningNode.StartAsync();
        await node.PostAsync("/ingest?source=desk", $"[{Tick},{Tick},{Tick.Replace("99", "-1", StringComparison.Ordinal)}]");
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/ingest", async visit =>
        {
            var page = visit.Page;
            await page.Locator(".verdict", new() { HasText = "✓ balances" }).WaitForAsync();
            var total = (await node.GetAsync("/ledger")).GetProperty("total");
            var row = page.Locator(".ledger tfoot tr");
            foreach (var (place, name) in new[] { "received", "applied", "late", "duplicate", "rejected" }.Index())
                Assert.Equal(
                    total.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture),
                    await row.Locator("td[data-term]").Nth(place).TextContentAsync());
            Assert.Equal(["=", "+", "+", "+"], await row.Locator(".sign").AllTextContentsAsync());

            await node.PostAsync("/ingest?source=other", Tick.Replace("AAPL", "MSFT", StringComparison.Ordinal));
            await page.Locator(".ledger tbody tr", new() { HasText = "other" }).WaitForAsync();
            await page.Locator(".verdict", new() { HasText = "✓ balances" }).WaitForAsync();
            Assert.Empty((await page.RunAxe()).Violations);
        });
    }

    [BrowserFact]
    public async Task RejectedRecord_AppearsAsItComes_WithItsInput_InWhichNothingIsHidden()
    {
        await using var node = await RunningNode.StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/ingest", async visit =>
        {
            var page = visit.Page;
            await page.Locator(".connection[data-state='live']").WaitForAsync();
            Assert.Equal(0, await page.Locator(".rejects .table-row").CountAsync());
            await node.PostAsync(
                "/ingest?source=desk", "{\"symbol\":\"<img src=x onerror=alert(1)>\u0007\u202e", HttpStatusCode.UnprocessableEntity);
            await page.Locator(".rejects .table-row", new() { HasText = "malformed" }).WaitForAsync();
            Assert.Equal("""{"symbol":"<img src=x onerror=alert(1)>\u0007\u202E""", await page.Locator(".raw").TextContentAsync());
            Assert.Equal([@"\u0007", @"\u202E"], await page.Locator(".raw .control").AllTextContentsAsync());
            Assert.Equal(0, await page.Locator("main img").CountAsync());

            await node.PostAsync(
                "/ingest?source=desk", Tick.Replace("99", "-1", StringComparison.Ordinal), HttpStatusCode.UnprocessableEntity);
            await page.Locator(".rejects .table-row", new() { HasText = "price_not_positive" }).WaitForAsync();
            await page.Locator(".reasons button", new() { HasText = "price_not_positive" }).ClickAsync();
            await Assertions.Expect(page.Locator(".rejects .table-row")).ToHaveCountAsync(1);
            await page.Locator(".reject-detail h3", new() { HasText = "price_not_positive" }).WaitForAsync();
            var told = (await node.GetAsync("/rejects?reason=price_not_positive")).GetProperty("rejects")[0];
            Assert.Equal(told.GetProperty("raw").GetString(), await page.Locator(".raw").TextContentAsync());
            await page.GetByText(told.GetProperty("advice").GetString()!).WaitForAsync();
            Assert.Empty((await page.RunAxe()).Violations);
        });
    }

    [BrowserFact]
    public async Task ConnectionAndLateTick_AreShown()
    {
        await using var node = await RunningNode.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(node.Node.Ingest.Address);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes("{\"hello\":\"desk\"}\n" + Tick + "\n"));
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/ingest", async visit =>
        {
            var page = visit.Page;
            var row = page.Locator(".connections .table-row", new() { HasText = "desk" });
            await row.WaitForAsync();
            Assert.Contains(
                $"127.0.0.1:{((IPEndPoint)client.Client.LocalEndPoint!).Port}", await row.TextContentAsync(), StringComparison.Ordinal);
            await page.Locator(".connection[data-state='live']").WaitForAsync();
            await node.PostAsync("/ingest?source=desk2", """{"symbol":"AAPL","ts":"2024-07-09T16:30:00Z","price":99,"size":1,"seq":1}""");
            await node.PostAsync("/ingest?source=slow", """{"symbol":"AAPL","ts":"2024-07-09T14:31:00Z","price":98.5,"size":7,"seq":44}""");
            var late = page.Locator(".late .table-row");
            await late.WaitForAsync();
            Assert.Contains("price 98.5, size 7", await late.TextContentAsync(), StringComparison.Ordinal);
            client.Close();
            await page.GetByText("No TCP connections").WaitForAsync();
        });
    }

    [BrowserFact]
    public async Task WhatAnotherNodeRefused_IsShown()
    {
        await using var first = await ClusterNodeAsync(null);
        await using var second = await ClusterNodeAsync(first);
        await chromium.VisitAsync(first.Client.BaseAddress!, "#/ingest", async visit =>
        {
            var page = visit.Page;
            await page.GetByText("Nothing has been received").WaitForAsync();
            await second.PostAsync(
                "/ingest?source=desk", Tick.Replace("99", "-1", StringComparison.Ordinal), HttpStatusCode.UnprocessableEntity);
            await page.Locator(".rejects .table-row", new() { HasText = second.Node.Hosting!.Address! }).WaitForAsync();
            await page.Locator(".ledger tbody tr", new() { HasText = "desk" }).WaitForAsync();
            await page.GetByRole(AriaRole.Combobox, new() { Name = "Node" }).SelectOptionAsync(first.Node.Hosting!.Address!);
            await page.GetByText("Nothing has been received").WaitForAsync();
        });
    }

    private static Task<RunningNode> ClusterNodeAsync(RunningNode? first) => RunningNode.StartAsync(null, options => options with
    {
        Kind = EngineKind.Cluster,
        Journal = first?.Node.Journal.Location,
        Cluster = options.Cluster with { Port = 0, Seeds = first is null ? [] : [first.Node.Hosting!.Address!] },
    });
}
