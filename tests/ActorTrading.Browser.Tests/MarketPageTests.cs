using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>
/// The page of the whole market: its numbers equal those of the API, it sorts and filters, and continues after an interruption.
/// </summary>
[Collection(Chromium.Collection)]
public sealed class MarketPageTests(Chromium chromium)
{
    private const string Plan =
        """{ "frames": ["1min", "1day"], "rules": [{ "name": "high", "rule": "buy when close > 100 on 1min" }] }""";

    private const string Rows = ".market-table .table-row";

    private int seq;

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Figures_AreThoseOfTheApi(bool isCluster)
    {
        await using var node = await StartAsync(isCluster);
        await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= 2);
        var told = (await node.GetAsync("/market")).GetProperty("rows").EnumerateArray();
        var rows = told.ToDictionary(row => row.GetProperty("symbol").GetString()!);
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/market", async visit =>
        {
            await visit.Page.Locator(Rows).Nth(rows.Count - 1).WaitForAsync();
            Assert.Equal(rows.Count, await visit.Page.Locator(Rows).CountAsync());
            foreach (var (symbol, row) in rows)
            {
                Assert.Equal(Number(row, "price"), await NumberAsync(visit, symbol, "Last"));
                Assert.Equal(Number(row, "change"), await NumberAsync(visit, symbol, "Change"));
                Assert.Equal(Number(row, "volume"), await NumberAsync(visit, symbol, "Volume"));
                Assert.Equal(Number(row, "signals_today"), await NumberAsync(visit, symbol, "Signals"));
                if (Number(row, "change_percent") is { } percent)
                    Assert.Equal(percent, (await NumberAsync(visit, symbol, "Change %"))!.Value, 0.006);
                Assert.EndsWith(Signal(row), await TextAsync(visit, symbol, "Last signal"), StringComparison.Ordinal);
            }

            await ShowsFigureAsync("symbols", 4);
            await ShowsFigureAsync("signals", rows.Values.Sum(row => row.GetProperty("signals_today").GetInt32()));
            await ShowsFigureAsync("late", rows.Values.Sum(row => row.GetProperty("late").GetInt32()));
            await ShowsFigureAsync("rejected", 1);

            Task ShowsFigureAsync(string name, int figure) =>
                Assertions.Expect(visit.Page.Locator($"#market-{name}")).ToHaveTextAsync($"{figure}");
        }, Wide);
    }

    [BrowserFact]
    public async Task Table_SortsByAnyColumn_BothWays()
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/market", async visit =>
        {
            await ShowsAsync(visit, "AAA", "BBB", "BTC/USD", "CCC");
            await HeadOf(visit, "Change %").ClickAsync();
            await ShowsAsync(visit, "CCC", "AAA", "BBB", "BTC/USD"); // that has no previous day
            await Assertions.Expect(visit.Page.Locator("[role=columnheader][aria-sort=descending]")).ToHaveTextAsync("Change %▾");
            await HeadOf(visit, "Last").ClickAsync();
            await ShowsAsync(visit, "BTC/USD", "AAA", "CCC", "BBB");
            await HeadOf(visit, "Last").ClickAsync();
            await ShowsAsync(visit, "BBB", "CCC", "AAA", "BTC/USD");
        }, Wide);
    }

    [BrowserFact]
    public async Task Filter_LeavesTheSymbolsThatMatch_AndTheChoiceThoseThatRoseOrFellOrFired()
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/market", async visit =>
        {
            await ShowsAsync(visit, "AAA", "BBB", "BTC/USD", "CCC");
            await visit.Page.GetByLabel("Filter symbols").FillAsync("b");
            await ShowsAsync(visit, "BBB", "BTC/USD");
            await Assertions.Expect(visit.Page.Locator(".market-count")).ToHaveTextAsync("2 of 4");
            await visit.Page.GetByLabel("Filter symbols").FillAsync("");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Gainers" }).ClickAsync();
            await ShowsAsync(visit, "CCC");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Losers" }).ClickAsync();
            await ShowsAsync(visit, "AAA", "BBB");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "With signals" }).ClickAsync();
            await ShowsAsync(visit, "AAA");

            await SendAsync(node, Prices("BBB", "2024-07-10T14:40", 30)); // rises above the previous day
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Gainers" }).ClickAsync();
            await ShowsAsync(visit, "BBB", "CCC");
        });
    }

    [BrowserFact]
    public async Task TenThousandSymbols_AreAFewElements_AndEachIsReachedByTheKeyboard()
    {
        const int symbols = 10_000;
        await using var node = await RunningNode.StartAsync(Plan);
        var ticks = Enumerable.Range(0, symbols).Select(number => Tick($"S{number:00000}", "2024-07-09T14:30:00Z", number + 1));
        await SendAsync(node, ticks.ToArray());
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/market", async visit =>
        {
            await Assertions.Expect(visit.Page.Locator("#market-symbols")).ToHaveTextAsync("10,000");
            await visit.Page.Locator(Rows, new() { HasText = "S00000" }).WaitForAsync();
            Assert.InRange(await visit.Page.Locator(Rows).CountAsync(), 10, 80);
            await Assertions.Expect(visit.Page.Locator("[role=grid]")).ToHaveAttributeAsync("aria-rowcount", "10001");

            await visit.Page.Locator("[role=grid]").FocusAsync();
            await visit.Page.Keyboard.PressAsync("End");
            await visit.Page.Locator(Rows + ".active", new() { HasText = "S09999" }).WaitForAsync();
            await SendAsync(node, [Tick("S09999", "2024-07-09T14:30:05Z", 77.5)]);
            await visit.Page.Locator(Rows, new() { HasText = "77.50" }).WaitForAsync();
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.Page.WaitForURLAsync("**/#/symbols/S09999");
            await visit.Page.GoBackAsync();
            await visit.Page.Locator(Rows, new() { HasText = "S00000" }).WaitForAsync();
        });
    }

    [BrowserFact]
    public async Task ClickOnASymbol_OpensItsPage()
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/market", async visit =>
        {
            await visit.Page.Locator(Rows, new() { HasText = "BTC/USD" }).ClickAsync();
            await visit.Page.WaitForURLAsync("**/#/symbols/BTC%2FUSD");
        });
    }

    [BrowserFact]
    public async Task Page_GoesOnAfterTheNodeWasRestarted()
    {
        var port = FreePort.Next();
        await using var node = await RunningNode.StartAsync(Plan, options => options with { HttpPorts = [port] });
        await SendAsync(node, Prices("AAA", "2024-07-09T14:30", 10, 11));
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/market", async visit =>
        {
            await visit.Page.Locator(Rows, new() { HasText = "11.00" }).WaitForAsync();
            visit.ExpectNodeAway();
            await node.RestartAsync();
            await SendAsync(node, Prices("AAA", "2024-07-09T14:35", 12.5));
            await SendAsync(node, Prices("NEW", "2024-07-09T14:35", 5));
            await visit.Page.Locator(Rows, new() { HasText = "12.50" }).WaitForAsync();
            await visit.Page.Locator(Rows, new() { HasText = "NEW" }).WaitForAsync();
            await Assertions.Expect(visit.Page.Locator(".market-notice")).ToBeHiddenAsync();
        });
    }

    [BrowserFact]
    public async Task MarketWithoutSymbols_SaysSo_UntilTheFirstComes()
    {
        await using var node = await RunningNode.StartAsync(Plan);
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/market", async visit =>
        {
            await visit.Page.GetByText("No symbols yet").WaitForAsync();
            await SendAsync(node, Prices("AAA", "2024-07-09T14:30", 10));
            await visit.Page.Locator(Rows, new() { HasText = "AAA" }).WaitForAsync();
        });
    }

    private static void Wide(BrowserNewContextOptions options) => options.ViewportSize = new ViewportSize { Width = 1600, Height = 900 };

    private static ILocator HeadOf(Visit visit, string title) =>
        visit.Page.GetByRole(AriaRole.Columnheader).GetByRole(AriaRole.Button, new() { Name = title, Exact = true });

    /// <summary>Waits until the table shows these symbols, in this order.</summary>
    private static Task ShowsAsync(Visit visit, params string[] symbols) =>
        visit.Page.WaitForFunctionAsync(
            """
            (expected) => {
                const top = (row) => new DOMMatrix(getComputedStyle(row).transform).m42;
                const rows = [...document.querySelectorAll(".market-table .table-row")].sort((a, b) => top(a) - top(b));
                return rows.map((row) => row.querySelector(".symbol").textContent).join() === expected;
            }
            """, string.Join(',', symbols));

    private static async Task<string> TextAsync(Visit visit, string symbol, string column)
    {
        var titles = await visit.Page.GetByRole(AriaRole.Columnheader).AllTextContentsAsync();
        var place = titles.ToList().FindIndex(title => title.TrimEnd('▴', '▾') == column);
        var row = visit.Page.Locator(Rows).Filter(new() { Has = visit.Page.GetByText(symbol, new() { Exact = true }) });
        return (await row.GetByRole(AriaRole.Gridcell).Nth(place).TextContentAsync())!;
    }

    /// <summary>The number in a cell; null for a dash.</summary>
    private static async Task<double?> NumberAsync(Visit visit, string symbol, string column)
    {
        var text = (await TextAsync(visit, symbol, column)).Replace('−', '-').TrimEnd('%', ' ');
        text = text.Replace(",", "", StringComparison.Ordinal);
        return text == "–" ? null : double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string Signal(JsonElement row) => row.GetProperty("signal") is { ValueKind: JsonValueKind.Object } last
        ? $"{last.GetProperty("action")} {last.GetProperty("name")} {last.GetProperty("time").GetString()![11..19]}"
        : "–";

    private static double? Number(JsonElement row, string member) =>
        row.GetProperty(member) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static async Task SendAsync(RunningNode node, params string[][] records)
    {
        var lines = new StringBuilder();
        foreach (var record in records.SelectMany(some => some)) lines.Append(record).Append('\n');
        await node.PostAsync("/ingest", lines.ToString());
    }

    /// <summary>
    /// Four symbols: one without a previous day; two that fell, of which one fired today; one that rose. One record was rejected.
    /// </summary>
    private async Task<RunningNode> StartAsync(bool isCluster = false)
    {
        var node = await RunningNode.StartAsync(Plan, options => options with
        {
            Kind = isCluster ? EngineKind.Cluster : EngineKind.Embedded, Cluster = options.Cluster with { Port = 0 },
        });
        const string Before = "2024-07-09T14:30", Today = "2024-07-10T14:30";
        await SendAsync(
            node, Prices("AAA", Before, 120, 110), Prices("AAA", Today, 99, 105, 109.25), Prices("BBB", Before, 20, 25),
            Prices("BBB", Today, 24),
            Prices("CCC", Before, 40), Prices("CCC", Today, 41.5, 50), Prices("BTC/USD", Today, 61000.5),
            [Tick("AAA", Today + ":59Z", -1)]);
        return node;
    }

    /// <summary>Prices, a minute apart.</summary>
    private string[] Prices(string symbol, string from, params double[] prices) =>
        [.. prices.Select((price, minute) => Tick(symbol, TimeOf(from, minute), price))];

    private static string TimeOf(string from, int minute) =>
        DateTime.Parse(from, CultureInfo.InvariantCulture).AddMinutes(minute)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private string Tick(string symbol, string time, double price) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"{{symbol}}","ts":"{{time}}","price":{{price}},"size":2,"source":"feed","seq":{{++seq}}}""");
}
