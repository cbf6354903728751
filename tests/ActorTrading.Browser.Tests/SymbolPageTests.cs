using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ActorTrading.Host.Tests;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>The page of a symbol shows the data of the API: current, live, and at any time of the past.</summary>
[Collection(Chromium.Collection)]
public sealed class SymbolPageTests(Chromium chromium) : IAsyncLifetime
{
    private const string Name = "BTC/USD";
    private const string Path = "/symbols/BTC%2FUSD";
    private const string Plan = """
        {
          "frames": ["tick", "1min", "5min"], "indicators": ["sma(3)", "rsi(3)", "macd(3,6,3)"],
          "rules": [{ "name": "up", "rule": "buy when close crosses above 110 on 1min" }, { "name": "down", "rule": "sell when close crosses below 110 on 1min" }],
          "symbols": { "AAPL": { "calendar": "us-equities" } }
        }
        """;

    private static readonly DateTime Start = new(2024, 7, 9, 14, 30, 0, DateTimeKind.Utc);

    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(Plan);

    public async Task DisposeAsync() => await node.DisposeAsync();

    [BrowserFact]
    public async Task Legend_IsTheBarOfTheApi_WhereverTheCursorIs()
    {
        await SendMinutesAsync(Name, 0, 60);
        var bars = await BarsAsync("frame=1min");
        await VisitAsync("?frame=1min", async page =>
        {
            await page.Locator(".chart").FocusAsync();
            await page.Keyboard.PressAsync("Home");
            for (var i = 0; i < 12; i++)
            {
                await SameAsync(page, bars[i]);
                await page.Keyboard.PressAsync("ArrowRight");
            }

            await page.Keyboard.PressAsync("End"); // the open bar
            await page.Keyboard.PressAsync("ArrowLeft");
            await SameAsync(page, bars[^1]);
        });
    }

    [BrowserFact]
    public async Task LiveBar_MovesWithTheMarket_AndClosesWithItsValues()
    {
        await SendMinutesAsync(Name, 0, 30);
        await VisitAsync("?frame=1min", async page =>
        {
            await UntilTextAsync(page, ".part-C", "129.00");
            await SendAsync(Name, (29, 30, "131.5"));
            await UntilTextAsync(page, ".part-C", "131.50");
            await UntilTextAsync(page, ".last-price", "131.50");
            await UntilTextAsync(page, ".legend-bar .tag", "open");

            await SendAsync(Name, (30, 5, "127.25"));
            await UntilTextAsync(page, ".part-C", "127.25");
            await page.Locator(".chart").FocusAsync();
            await page.Keyboard.PressAsync("ArrowLeft");
            var closed = (await BarsAsync("frame=1min"))[^1];
            Assert.Equal("131.5", closed.GetProperty("close").GetRawText());
            await SameAsync(page, closed);
        });
    }

    [BrowserFact]
    public async Task ScrollingBack_LoadsOlderBars_ToTheFirst()
    {
        await SendMinutesAsync(Name, 0, 2_200);
        var all = new List<JsonElement>();
        for (var from = "2024-07-09"; from is not null;)
        {
            var page = await node.GetAsync($"{Path}/bars?frame=1min&limit=1000&from={Uri.EscapeDataString(from)}");
            all.AddRange(page.GetProperty("bars").EnumerateArray());
            from = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        await VisitAsync("?frame=1min", async page =>
        {
            await page.Locator("#moment-slider[max='1000']").WaitForAsync();
            await page.Locator(".chart").FocusAsync();
            foreach (var older in new[] { 2_000, 2_199 })
            {
                await page.Keyboard.PressAsync("Home");
                await page.Locator($"#moment-slider[max='{older}']").WaitForAsync();
            }

            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("Home");
            await SameAsync(page, all[0]);
            await page.Keyboard.PressAsync("PageDown");
            await SameAsync(page, all[20]);
        });

        // A time far back can be reached.
        await VisitAsync("?frame=1min&at=2024-07-09T14:40:00Z", async page =>
        {
            await page.Locator("#moment-slider[max='2199']").WaitForAsync();
            await SameStateAsync(page, "2024-07-09T14:40:00Z");
            await page.Locator(".chart-moment").WaitForAsync(new() { State = WaitForSelectorState.Visible });
        });
    }

    [BrowserFact]
    public async Task Signals_AreThoseOfTheLog_OnTheChartAndInTheList_WithTheirExplanations()
    {
        await SendAsync("OTHER", (0, 0, "100"), (1, 0, "111"), (2, 0, "100"), (3, 0, "111"));
        await SendMinutesAsync(Name, 0, 40);
        var signals = await AllSignalsAsync();
        Assert.Contains(signals, signal => signal.GetProperty("action").GetString() == "buy");
        await VisitAsync("?frame=1min", async page =>
        {
            await page.Locator($".chart[data-marks='{signals.Count}']").WaitForAsync();
            Assert.Equal(Positions(signals), await RowsAsync());

            // One that fires while the page is open.
            await SendAsync(Name, (40, 0, "90"), (41, 0, "120"), (42, 0, "120"));
            signals = await AllSignalsAsync();
            await page.Locator($".chart[data-marks='{signals.Count}']").WaitForAsync();
            Assert.Equal(Positions(signals), await RowsAsync());
            var id = signals[^1].GetProperty("id").GetString()!;
            Assert.Equal(
                $"#/signals?explain={Uri.EscapeDataString(id)}", await page.Locator("tr[data-position] a").First.GetAttributeAsync("href"));

            // One that is withdrawn.
            await node.PostAsync($"{Path}/exclusions", """{"from":"2024-07-09T15:11:00Z","to":"2024-07-09T15:11:59Z"}""");
            await page.Locator("tr.withdrawn").First.WaitForAsync();

            // The list is drawn a moment after the chart.
            async Task<List<long>> RowsAsync()
            {
                await page.Locator("tr[data-position]").Nth(signals.Count - 1)
                    .WaitForAsync(new() { State = WaitForSelectorState.Attached });
                return [.. (await page.Locator("tr[data-position]").EvaluateAllAsync<string[]>(
                    "rows => rows.map(row => row.dataset.position)"))
                    .Select(long.Parse).Order()];
            }
        });

        static List<long> Positions(List<JsonElement> signals) => [.. signals.Select(signal => signal.GetProperty("position").GetInt64())];
    }

    [BrowserFact]
    public async Task TimeTravel_ShowsTheStateAsOfThatMoment_AndGoesBackToLive()
    {
        await SendMinutesAsync(Name, 0, 50);
        await VisitAsync("?frame=1min", async page =>
        {
            var now = await node.GetAsync(Path);
            await UntilTextAsync(page, ".state-hash", now.GetProperty("state_hash").GetString()!);
            await page.Locator(".time-travel input[type='datetime-local']").FillAsync("2024-07-09T14:50:30");
            await page.Keyboard.PressAsync("Enter");
            await SameStateAsync(page, "2024-07-09T14:50:30Z");
            Assert.True(await page.Locator(".chart-moment").IsVisibleAsync());
            Assert.Contains("at=2024-07-09T14%3A50%3A30", page.Url, StringComparison.Ordinal);

            await page.Locator("#moment-slider").FocusAsync();
            await page.Keyboard.PressAsync("ArrowLeft"); // to the end of the previous bar
            await SameStateAsync(page, "2024-07-09T14:49:59.999999999Z");
            await page.Keyboard.PressAsync("Home");
            await SameStateAsync(page, "2024-07-09T14:30:59.999999999Z");

            await page.Locator(".back-to-live").ClickAsync();
            await UntilTextAsync(page, ".state-hash", now.GetProperty("state_hash").GetString()!);
            Assert.False(await page.Locator(".chart-moment").IsVisibleAsync());
            await SendAsync(Name, (50, 10, "99.5"));
            await UntilTextAsync(page, ".last-price", "99.50");
        });

        // A time in the address is opened; before the first record there is no data.
        await VisitAsync("?frame=1min&at=2024-07-09T14:40:00Z", page => SameStateAsync(page, "2024-07-09T14:40:00Z"));
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/symbols/BTC%2FUSD?at=2024-07-01T00:00:00Z", async visit =>
        {
            visit.Expect("/symbols/BTC%2FUSD");
            await visit.Page.GetByText("No record of it was accepted by that time.").First.WaitForAsync();
        });
    }

    [BrowserFact]
    public async Task Frame_IsChosenByMouseAndKeyboard_AndStaysInTheAddress()
    {
        await SendMinutesAsync(Name, 0, 50);
        var five = await BarsAsync("frame=5min");
        var ticks = await BarsAsync("frame=tick");
        await VisitAsync("?frame=1min", async page =>
        {
            await page.GetByRole(AriaRole.Radio, new() { Name = "5min" }).ClickAsync();
            Assert.Contains("frame=5min", page.Url, StringComparison.Ordinal);
            await FirstAsync(five);
            await page.GetByRole(AriaRole.Radio, new() { Name = "5min" }).FocusAsync();
            await page.Keyboard.PressAsync("ArrowRight"); // wraps around to the first
            await page.Locator("[role=radio][aria-checked=true]", new() { HasText = "tick" }).WaitForAsync();
            await FirstAsync(ticks);

            async Task FirstAsync(List<JsonElement> bars)
            {
                await page.Locator($"#moment-slider[max='{bars.Count + (bars == ticks ? -1 : 0)}']").WaitForAsync();
                await page.Locator(".chart").FocusAsync();
                await page.Keyboard.PressAsync("Home");
                await SameAsync(page, bars[0]);
            }
        });
    }

    [BrowserFact]
    public async Task UnknownSymbol_SaysSo_AndIsShownWithItsFirstRecord() =>
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/symbols/%E5%B8%81%E5%AE%89%20A", async visit =>
        {
            await visit.Page.GetByText("Unknown symbol 币安 A").WaitForAsync();
            Assert.Equal("币安 A", await visit.Page.Locator("h1").TextContentAsync());
            await SendAsync("币安 A", (0, 0, "12345.678901"));
            await UntilTextAsync(visit.Page, ".last-price", "12,345.678901");
            await UntilTextAsync(visit.Page, ".part-C", "12,345.678901");
        });

    [BrowserFact]
    public async Task QuoteBookNewsAndFundamentals_AreShownWhereThereAreSome()
    {
        await SendMinutesAsync(Name, 0, 3);
        await VisitAsync("", async page =>
        {
            await page.Locator(".state-hash").WaitForAsync();
            foreach (var name in new[] { "quote", "book", "news", "fundamentals" })
                Assert.False(await page.Locator($".side-{name}").IsVisibleAsync());
            await node.PostAsync(
                "/ingest", """{"symbol":"BTC/USD","ts":"2024-07-09T14:33:00Z","bid":101.25,"bid_size":3,"ask":101.5,"ask_size":40}""");
            await UntilTextAsync(page, ".quote .bid strong", "101.25");
            await UntilTextAsync(page, ".quote .ask strong", "101.50");
            Assert.StartsWith("0.25", await page.Locator(".side-quote dd").First.TextContentAsync(), StringComparison.Ordinal);
        });
    }

    [BrowserFact]
    public async Task Theme_ChangesTheChartAtOnce()
    {
        await SendMinutesAsync(Name, 0, 60);
        await VisitAsync("?frame=1min", async page =>
        {
            foreach (var theme in new[] { "light", "dark", "light" })
            {
                await page.GetByLabel("Theme").SelectOptionAsync(theme);
                await page.WaitForFunctionAsync("""
                    () => {
                        const down = getComputedStyle(document.documentElement).getPropertyValue('--down').trim();
                        const wanted = [1, 3, 5].map(at => parseInt(down.slice(at, at + 2), 16));
                        return [...document.querySelectorAll('.chart canvas')].some(canvas => {
                            if (!canvas.width || !canvas.height) return false;
                            const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
                            [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
                            copy.drawImage(canvas, 0, 0);
                            const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
                            for (let i = 0; i < data.length; i += 4)
                                if (data[i + 3] === 255 && wanted.every((color, at) => data[i + at] === color)) return true;
                            return false;
                        });
                    }
                    """);
            }
        });
    }

    [BrowserFact]
    public async Task Times_AreInTheZoneThatIsChosen()
    {
        await SendAsync("AAPL", (0, 0, "200"), (1, 0, "201"), (2, 0, "202"));
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/symbols/AAPL?frame=1min", async visit =>
        {
            await UntilTextAsync(visit.Page, ".legend-time", "2024-07-09 14:32:00");
            await visit.Page.GetByLabel("Time zone").SelectOptionAsync("venue");
            await UntilTextAsync(visit.Page, ".legend-time", "2024-07-09 10:32:00");
            await visit.Page.Locator(".time-travel input[type='datetime-local']").FillAsync("2024-07-09T10:31:30");
            await visit.Page.Keyboard.PressAsync("Enter");
            var then = await node.GetAsync("/symbols/AAPL?at=2024-07-09T14:31:30Z");
            await UntilTextAsync(visit.Page, ".state-hash", then.GetProperty("state_hash").GetString()!);
        }, options => options.TimezoneId = "Asia/Tokyo");
    }

    [BrowserFact]
    public async Task PlanThatChanges_ChangesThePage()
    {
        await SendMinutesAsync(Name, 0, 20);
        await VisitAsync("?frame=1min", async page =>
        {
            await page.Locator(".curve[data-column='sma(3)']").WaitForAsync();
            using var body = new StringContent("""{"frames":["1min","15min"],"indicators":["ema(2)"]}""");
            using var answer = await node.Client.PutAsync(new Uri("/plan", UriKind.Relative), body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await page.Locator(".curve[data-column='ema(2)']").WaitForAsync();
            await page.GetByRole(AriaRole.Radio, new() { Name = "15min" }).WaitForAsync();
            Assert.Equal(0, await page.Locator(".curve[data-column='sma(3)']").CountAsync());
        });
    }

    [BrowserFact]
    public async Task SymbolThatTheRulesKeepFromTheReader_IsNotShown_AndOthersAre()
    {
        var rules = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(rules, LoginTests.Rules);
        await using var guarded = await RunningNode.StartAsync(Plan, options => options with { Access = rules });
        guarded.Client.DefaultRequestHeaders.Authorization = new("Bearer", "feeder-s3cr3t-0123456789abcdef");
        await guarded.PostAsync("/ingest?source=desk", """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":227.5,"size":1}""");
        await chromium.VisitAsync(guarded.Client.BaseAddress!, "#/symbols/MSFT", async visit =>
        {
            visit.Expect("/symbols/MSFT/plan");
            await visit.Page.GetByLabel("Token").FillAsync("desk-s3cr3t-0123456789abcdef");
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.Page.Locator(".state-denied", new() { HasText = "Not allowed" }).WaitForAsync();
            await visit.GoAsync("#/symbols/AAPL");
            await UntilTextAsync(visit.Page, ".last-price", "227.50");
        });
        File.Delete(rules);
    }

    [BrowserTheory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 360)]
    [InlineData("dark", 2560)]
    public async Task Page_IsAccessible_AndNoWiderThanItsWindow(string theme, int width)
    {
        await SendMinutesAsync(Name, 0, 60);
        await node.PostAsync(
            "/ingest", """{"symbol":"BTC/USD","ts":"2024-07-09T15:33:00Z","bid":101.25,"bid_size":3,"ask":101.5,"ask_size":40}""");
        await VisitAsync("?frame=1min&at=2024-07-09T14:50:00Z", async page =>
        {
            await page.Locator(".state-hash").WaitForAsync();
            await page.GetByLabel("Theme").SelectOptionAsync(theme);
            var found = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
            Assert.True(found.Violations.Length == 0, string.Join(
                '\n', found.Violations.Select(one => $"{one.Id}: {one.Help} {string.Join(' ', one.Nodes.Select(place => place.Html))}")));
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }, options => options.ViewportSize = new ViewportSize { Width = width, Height = 900 });
    }

    private Task VisitAsync(string query, Func<IPage, Task> visit, Action<BrowserNewContextOptions>? change = null) =>
        chromium.VisitAsync(node.Client.BaseAddress!, $"#/symbols/BTC%2FUSD{query}", async visited =>
        {
            await visited.Page.Locator(".chart").WaitForAsync();
            await visit(visited.Page);
        }, change);

    /// <summary>The numbers of the legend are those of a bar and its indicator values, with the displayed precision.</summary>
    private static async Task SameAsync(IPage page, JsonElement bar)
    {
        await UntilTextAsync(page, ".legend-time", bar.GetProperty("open_time").GetString()![..19].Replace('T', ' '));
        foreach (var (part, name) in new[] { ("O", "open"), ("H", "high"), ("L", "low"), ("C", "close") })
            Assert.Equal(bar.GetProperty(name).GetDecimal(), Number(await page.Locator($".part-{part}").TextContentAsync()));
        Assert.Equal(bar.GetProperty("volume").GetDecimal(), Number(await page.Locator(".part-V").GetAttributeAsync("title")));
        foreach (var value in bar.GetProperty("values").EnumerateObject())
        {
            var shown = page.Locator($".curve[data-column='{value.Name}'] .curve-value");
            if (value.Value.ValueKind == JsonValueKind.Null)
            {
                Assert.Equal("–", await shown.TextContentAsync());
                continue;
            }

            Assert.Equal(value.Value.GetDouble(), double.Parse((await shown.GetAttributeAsync("title"))!, CultureInfo.InvariantCulture));
            Assert.InRange((double)Number(await shown.TextContentAsync()) - value.Value.GetDouble(), -0.0051, 0.0051); // rounded
        }
    }

    private async Task SameStateAsync(IPage page, string at)
    {
        var state = await node.GetAsync($"{Path}?at={Uri.EscapeDataString(at)}");
        await UntilTextAsync(page, ".state-hash", state.GetProperty("state_hash").GetString()!);
        Assert.Equal(state.GetProperty("last_price").GetDecimal(), Number(await page.Locator(".last-price").TextContentAsync()));
        foreach (var value in state.GetProperty("frames").GetProperty("1min").GetProperty("values").EnumerateObject())
        {
            var shown = page.Locator($".side-values .facts > div:has(dt:text-is(\"{value.Name}\")) dd");
            if (value.Value.ValueKind == JsonValueKind.Null) Assert.Equal("–", await shown.TextContentAsync());
            else
            {
                Assert.Equal(
                    value.Value.GetDouble(),
                    double.Parse((await shown.Locator("span").GetAttributeAsync("title"))!, CultureInfo.InvariantCulture));
            }
        }
    }

    private static decimal Number(string? text) =>
        decimal.Parse(text!.Replace(",", "", StringComparison.Ordinal).Replace('−', '-'), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static Task UntilTextAsync(IPage page, string selector, string text) =>
        page.Locator($"{selector}:text-is(\"{text}\")").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });

    private async Task<List<JsonElement>> BarsAsync(string query) =>
        [.. (await node.GetAsync($"{Path}/bars?{query}")).GetProperty("bars").EnumerateArray()];

    private async Task<List<JsonElement>> SignalsAsync() =>
        [.. (await node.GetAsync("/signals?symbol=BTC%2FUSD&limit=1000")).GetProperty("signals").EnumerateArray()];

    /// <summary>The same when all fired signals are logged: they have their own commit.</summary>
    private async Task<List<JsonElement>> AllSignalsAsync()
    {
        var fired = (await node.GetAsync(Path)).GetProperty("signals").GetInt32();
        List<JsonElement> signals;
        while ((signals = await SignalsAsync()).Count < fired) await Task.Delay(20);
        return signals;
    }

    /// <summary>A tick at the beginning of each minute, alternately up and down; the last bar stays open.</summary>
    private Task SendMinutesAsync(string symbol, int first, int count) => SendAsync(
        symbol,
        [.. Enumerable.Range(first, count).Select(
            minute => (minute, 0, (100 + (minute % 30) - (minute % 7 == 3 ? 4.25m : 0)).ToString(CultureInfo.InvariantCulture)))]);

    private async Task SendAsync(string symbol, params (int Minute, int Second, string Price)[] ticks)
    {
        var lines = new StringBuilder();
        foreach (var (minute, second, price) in ticks)
        {
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{{\"symbol\":\"{symbol}\",\"ts\":\"{Start.AddMinutes(minute).AddSeconds(second):O}\","
                + $"\"price\":{price},\"size\":{1 + (minute % 5)}}}\n");
        }

        Assert.Equal(ticks.Length, (await node.PostAsync("/ingest", lines.ToString())).GetProperty("applied").GetInt32());
    }
}
