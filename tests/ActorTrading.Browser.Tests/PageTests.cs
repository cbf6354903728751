using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests;

namespace ActorTrading.Browser.Tests;

/// <summary>The page served by a node opens, is updated, and needs no other origin.</summary>
[Collection(Chromium.Collection)]
public sealed class PageTests(Chromium chromium)
{
    /// <summary>Every page and its heading.</summary>
    public static TheoryData<string, string> Pages => new()
    {
        { "#/market", "Market" }, { "#/symbols/AAPL", "AAPL" }, { "#/signals", "Signals" },
        { "#/cluster", "Cluster" }, { "#/ingest", "Ingest" }, { "#/rules", "Rules" },
    };

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public async Task Page_Opens_WithoutAnErrorAndAnotherOrigin(string hash, string heading)
    {
        await using var node = await RunningNode.StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, hash, async visit =>
        {
            Assert.Equal(heading, await visit.Page.Locator("h1").TextContentAsync());
            Assert.EndsWith("– ActorTrading", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        });
    }

    [BrowserFact]
    public async Task Page_OfANodeOfACluster_SaysSo()
    {
        await using var node = await RunningNode.StartAsync(change: options => options with
        {
            Kind = EngineKind.Cluster, Cluster = options.Cluster with { Port = 0 },
        });
        await chromium.VisitAsync(node.Client.BaseAddress!, "", async visit =>
        {
            Assert.Equal("Market", await visit.Page.Locator("h1").TextContentAsync());
            await visit.Page.Locator("#node", new() { HasText = "cluster" }).WaitForAsync();
        });
    }
}
