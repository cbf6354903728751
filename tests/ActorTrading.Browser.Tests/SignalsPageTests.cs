using System.Globalization;
using System.Text.Json;
using ActorTrading.Host.Tests;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit.Engines;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>The page of the signal log.</summary>
[Collection(Chromium.Collection)]
public sealed class SignalsPageTests(Chromium chromium)
{
    private const string Page = "#/signals";

    /// <summary>Records the notifications instead of showing them.</summary>
    private const string NotificationSpy = """
        window.shown = [];
        window.Notification = class {
            static permission = "default";
            static async requestPermission() { this.permission = "granted"; return "granted"; }
            constructor(title, options) { window.shown.push(title + "\n" + (options?.body ?? "")); } close() {} };
        """;

    [BrowserFact]
    public async Task Log_IsTheApis_BackToTheFirst_WithFewElements()
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await WavyMarket.FillAsync(node);
        var expected = await AllAsync(node, "");
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            var seen = await ScrollThroughAsync(visit.Page, expected.Count);
            Assert.Equal(expected.Select(Position).OrderDescending(), seen.Keys.OrderDescending());
            foreach (var signal in expected)
            {
                var cells = seen[Position(signal)];
                Assert.Contains(Text(signal, "action").ToUpperInvariant(), cells[1], StringComparison.Ordinal);
                Assert.Equal((Text(signal, "symbol"), Text(signal, "name"), Text(signal, "frame")), (cells[2], cells[4], cells[5]));
                Assert.Equal(signal.GetProperty("price").GetDecimal(), decimal.Parse(cells[3], CultureInfo.InvariantCulture));
                Assert.Equal(signal.GetProperty("time").GetDateTime().ToString("yyyy-MM-dd HH:mm:ss"), cells[0]);
            }
        });
    }

    [BrowserFact]
    public async Task Filters_ShowWhatTheApiGivesForThem()
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await WavyMarket.FillAsync(node);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            await visit.Page.GetByLabel("Symbols, separated by commas").FillAsync("B/USD");
            await visit.Page.GetByLabel("Symbols, separated by commas").PressAsync("Enter");
            await visit.Page.GetByLabel("Side").SelectOptionAsync("sell");
            await SameAsync("&symbol=B%2FUSD&action=sell");
            await visit.Page.GetByLabel("Side").SelectOptionAsync("");
            await visit.Page.GetByLabel("Rule", new() { Exact = true }).SelectOptionAsync("cross");
            await SameAsync("&symbol=B%2FUSD&rule=cross");
            await visit.Page.GetByLabel("Symbols, separated by commas").FillAsync("NONE");
            await visit.Page.GetByLabel("Symbols, separated by commas").PressAsync("Enter");
            await visit.Page.GetByText("No signal matches the filters").WaitForAsync();

            async Task SameAsync(string query)
            {
                var expected = await AllAsync(node, query);
                Assert.NotEmpty(expected);
                await visit.Page.GetByText($"{expected.Count} shown, back to the first").WaitForAsync();
                var seen = await ScrollThroughAsync(visit.Page, expected.Count);
                Assert.Equal(expected.Select(Position).OrderDescending(), seen.Keys.OrderDescending());
            }
        });
    }

    [BrowserFact]
    public async Task LiveSignal_AppearsAtTheTop_AndAsANotification()
    {
        await using var node = await RunningNode.StartAsync(SymbolPlan);
        await node.PostAsync("/ingest", Tick(0, 9));
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            await visit.Page.AddInitScriptAsync(NotificationSpy);
            await visit.Page.ReloadAsync();
            await visit.Page.GetByText("No signal yet").WaitForAsync();
            await visit.Page.GetByLabel("Sound").CheckAsync();
            await visit.Page.GetByLabel("Notify").CheckAsync();
            Assert.Equal("granted", await visit.Page.EvaluateAsync<string>("Notification.permission"));
            await visit.Page.Locator(".connection[data-state=live]").WaitForAsync();
            await node.PostAsync("/ingest", Tick(1, 11));
            await visit.Page.Locator(".table-row", new() { HasText = "BUY" }).WaitForAsync();
            await visit.Page.WaitForFunctionAsync("() => window.shown.length === 1");
            Assert.Contains("BUY A at 11.00 (rising)", await visit.Page.EvaluateAsync<string>("window.shown[0]"), StringComparison.Ordinal);
            await node.PostAsync("/ingest", Tick(2, 9));
            await node.PostAsync("/ingest", Tick(3, 12));
            await visit.Page.Locator(".table-row").Nth(1).WaitForAsync();
            Assert.Equal(["2", "1"], (await RowsAsync(visit.Page)).OrderBy(row => row.Top).Select(row => row.Cells[^1]));
            await visit.Page.WaitForFunctionAsync("() => window.shown.length === 2");
            await visit.Page.Locator(".table-row.fresh").First.WaitForAsync(new() { State = WaitForSelectorState.Hidden }); // only a flash
        });
    }

    [BrowserFact]
    public async Task LogLongerThanABrowserKeeps_IsScrolledThrough_WithoutGrowing()
    {
        const int Kept = 20_000;
        const int Last = 24_000;
        await using var node = await RunningNode.StartAsync(SymbolPlan);
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/rules", async visit =>
        {
            await visit.Page.RouteAsync(url => url.Contains("/signals?", StringComparison.Ordinal), AnswerAsync);
            await visit.GoAsync(Page);
            await visit.Page.GetByText("200 shown, older ones by scrolling").WaitForAsync();
            var newest = visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^To the newest") });
            var table = visit.Page.Locator(".signals-list .table");
            await table.EvaluateAsync(
                """
                async table => {
                    const status = document.querySelector(".page-signals .toolbar [role=status]");
                    while (!status.textContent.endsWith("back to the first")) {
                        table.scrollTop = table.scrollHeight;
                        await new Promise(done => setTimeout(done, 0));
                    }
                }
                """);
            await visit.Page.GetByText($"{Kept:N0} shown, back to the first").WaitForAsync();
            await visit.Page.GetByText($"To the newest ({Last - Kept:N0} above)").WaitForAsync();
            Assert.Equal(Kept + 1, int.Parse((await table.GetAttributeAsync("aria-rowcount"))!, CultureInfo.InvariantCulture));
            await table.EvaluateAsync("table => table.scrollTop = table.scrollHeight");
            await visit.Page.Locator(".table-row", new() { HasText = "S1-" }).WaitForAsync();
            Assert.InRange(await visit.Page.Locator(".table-row").CountAsync(), 1, 80);
            await newest.ClickAsync();
            await visit.Page.Locator(".table-row", new() { HasText = $"S{Last}-" }).WaitForAsync();
            await visit.Page.GetByText("200 shown, older ones by scrolling").WaitForAsync();
        });

        static Task AnswerAsync(IRoute route)
        {
            var query = System.Web.HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query);
            var before = (int)Math.Min(Last + 1, long.Parse(query["before"]!, CultureInfo.InvariantCulture));
            var next = Math.Max(1, before - 200);
            var signals = Enumerable.Range(next, before - next).Reverse().Select(position => new
            {
                position, id = $"A/{position}", symbol = $"S{position}-", action = "buy", price = 1, time = "2024-07-09T14:30:00Z",
                name = "rising", frame = "1min",
            });
            return route.FulfillAsync(
                new() { ContentType = "application/json", Body = JsonSerializer.Serialize(new { signals, next, last = Last }) });
        }
    }

    [BrowserFact]
    public async Task Signal_IsExplained_WithItsValuesBarAndVerdict()
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await WavyMarket.FillAsync(node);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            var newest = (await AllAsync(node, ""))[^1];
            var told = await node.GetAsync($"/explain?signal={Uri.EscapeDataString(Text(newest, "id"))}");
            await visit.Page.Locator(".table-row").First.ClickAsync();
            var panel = visit.Page.GetByLabel("Explanation");
            await panel.GetByText("Replayed: equal").WaitForAsync();
            var words = await panel.InnerTextAsync();
            foreach (var line in told.GetProperty("rule").EnumerateArray())
                Assert.Contains(line.GetString()!.Split(": ", 2)[1], words, StringComparison.Ordinal);
            foreach (var value in told.GetProperty("values").EnumerateArray())
            {
                var row = panel.Locator("tr", new() { HasText = Text(value, "name") }).First;
                var shown = (await row.Locator("td").Nth(1).InnerTextAsync()).Trim('↑', '↓', '=', ' ');
                Assert.Equal(value.GetProperty("at").GetDecimal(), decimal.Parse(shown, CultureInfo.InvariantCulture), precision: 4);
            }

            await panel.Locator(".bars canvas").First.WaitForAsync();
            var records = told.GetProperty("records").GetArrayLength();
            Assert.Equal(Math.Min(20, records), await panel.Locator(".records tbody tr").CountAsync());
            Assert.Contains(Uri.EscapeDataString(Text(newest, "id")), visit.Page.Url, StringComparison.Ordinal);
            Assert.StartsWith("#/symbols/", await panel.Locator("a").First.GetAttributeAsync("href"), StringComparison.Ordinal);
            await AxeCheck.NoViolationAsync(visit.Page);

            await visit.Page.ReloadAsync(); // the address opens the explanation, too
            await panel.GetByText("Replayed: equal").WaitForAsync();
            await panel.GetByLabel("Close").ClickAsync();
            await panel.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        });
    }

    [BrowserFact]
    public async Task WithdrawnSignal_IsMarked()
    {
        await using var node = await RunningNode.StartAsync(SymbolPlan);
        foreach (var (second, price) in new[] { (0, 9), (1, 11), (2, 9), (3, 12) }) await node.PostAsync("/ingest", Tick(second, price));
        await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= 2);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            await visit.Page.Locator(".table-row").Nth(1).WaitForAsync();
            await node.PostAsync("/symbols/A/exclusions", """{"id":"feed:2"}""");
            await visit.Page.Locator(".table-row.withdrawn", new() { HasText = "withdrawn" }).WaitForAsync();
            await visit.Page.Locator(".table-row", new() { HasText = "withdraws 1" }).WaitForAsync();
            await visit.Page.ReloadAsync();
            await visit.Page.Locator(".table-row.withdrawn").ClickAsync();
            await visit.Page.GetByText("Withdrawn: a record that made it fire was excluded").WaitForAsync();
        });
    }

    [BrowserFact]
    public async Task Webhooks_AreShownWithWhatTheyWaitFor()
    {
        var hook = new WebhookOptions
        {
            Name = "desk", Url = new Uri("http://127.0.0.1:1/secret"), FirstWait = TimeSpan.FromMinutes(1),
            LongestWait = TimeSpan.FromMinutes(1),
        };
        await using var node = await RunningNode.StartAsync(SymbolPlan, options => options with { Webhooks = [hook] });
        foreach (var (second, price) in new[] { (0, 9), (1, 11) }) await node.PostAsync("/ingest", Tick(second, price));
        await EngineReading.UntilAsync(() => node.Node.Webhooks!.Status[0].NextTry is not null);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            await visit.Page.GetByText("1 of 1 failing").ClickAsync();
            var row = visit.Page.Locator(".webhooks tbody tr");
            await row.GetByText("http://127.0.0.1:1", new() { Exact = true }).WaitForAsync();
            Assert.Matches("in \\d+ s", await row.InnerTextAsync());
            Assert.DoesNotContain("secret", await visit.Page.ContentAsync(), StringComparison.Ordinal);
            await AxeCheck.NoViolationAsync(visit.Page);
        });
    }

    private const string SymbolPlan = """{ "frames": ["1min"], "rules": [{ "name": "rising", "rule": "buy when close > 10 on tick" }] }""";

    private static string Tick(int second, int price) =>
        $$"""{"symbol":"A","ts":"2024-07-09T14:30:0{{second}}Z","price":{{price}},"size":1,"source":"feed","seq":{{second + 1}}}""";

    private static async Task<List<JsonElement>> AllAsync(RunningNode node, string query) =>
        [.. (await node.GetAsync($"/signals?limit=1000{query}")).GetProperty("signals").EnumerateArray()];

    /// <summary>Every row, by its position, while the log is scrolled to its end.</summary>
    private static async Task<Dictionary<long, List<string>>> ScrollThroughAsync(IPage page, int rows)
    {
        var seen = new Dictionary<long, List<string>>();
        var table = page.GetByRole(AriaRole.Grid, new() { Name = "Signal log, the newest first" });
        await table.EvaluateAsync("element => element.scrollTop = 0");
        for (var turn = 0; turn < 200 && seen.Count < rows; turn++)
        {
            await page.EvaluateAsync("() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
            var shown = await RowsAsync(page);
            Assert.InRange(shown.Count, 0, 80);
            foreach (var row in shown)
                seen[long.Parse(row.Cells[^1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)] = row.Cells;
            await table.EvaluateAsync("element => element.scrollTop += 300");
        }

        return seen;
    }

    private static async Task<List<Row>> RowsAsync(IPage page) => JsonSerializer.Deserialize<List<Row>>(
        await page.EvaluateAsync<string>("""
            () => JSON.stringify([...document.querySelectorAll(".signals-list .table-row")].map(row =>
                ({ Top: row.getBoundingClientRect().top, Cells: [...row.querySelectorAll(".cell")].map(cell => cell.textContent) })))
            """))!;

    private static long Position(JsonElement signal) => signal.GetProperty("position").GetInt64();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private sealed record Row(double Top, List<string> Cells);
}
