using System.Globalization;
using System.Net;
using System.Text.Json;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;

namespace ActorTrading.Host.Tests.Web;

public sealed class SymbolEndpointTests : IAsyncLifetime
{
    /// <summary>A rule that fires at every minute whose close is above the previous one.</summary>
    public const string Plan =
        """{ "frames": ["1min", "1day"], "indicators": ["sma(2)", "ema(3)@tick"], "rules": [{ "name": "up", "rule": "buy when close > 100 on 1min" }] }""";

    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(Plan);

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Symbols_AreListedWithTheirLastPrice()
    {
        await TickAsync("BTC/USD", "2024-07-09T14:30:00Z", "61000.12345678");
        var symbol = Assert.Single((await node.GetAsync("/symbols")).GetProperty("symbols").EnumerateArray());

        Assert.Equal("BTC/USD", symbol.GetProperty("symbol").GetString());
        Assert.Equal("61000.12345678", symbol.GetProperty("last_price").GetRawText());
        Assert.Equal("2024-07-09T14:30:00Z", symbol.GetProperty("last_time").GetString());
    }

    [Fact]
    public async Task State_HasBarsValuesSourcesAndItsHash_WhateverTheSymbolIsCalled()
    {
        await TickAsync("BTC/USD", "2024-07-09T14:30:00Z", "100");
        await TickAsync("BTC/USD", "2024-07-09T14:31:00Z", "102");
        var state = await node.GetAsync("/symbols/BTC%2FUSD");

        var minute = state.GetProperty("frames").GetProperty("1min");
        Assert.Equal("102", minute.GetProperty("open_bar").GetProperty("close").GetRawText());
        Assert.Equal("2024-07-09T14:30:00Z", minute.GetProperty("last_bar").GetProperty("open_time").GetString());
        Assert.Equal(JsonValueKind.Null, minute.GetProperty("values").GetProperty("sma(2)").ValueKind); // one bar is not two
        Assert.True(state.GetProperty("frames").GetProperty("tick").GetProperty("values").TryGetProperty("ema(3)@tick", out _));
        Assert.Equal("-", state.GetProperty("sources")[0].GetProperty("source").GetString());
        Assert.Equal(
            StateHash.Of((await node.Node.Engine.StateAsync(Symbol.Parse("BTC/USD")))!).ToString(),
            state.GetProperty("state_hash").GetString());
    }

    [Fact]
    public async Task Symbol_IsTheSame_WhetherItsAccentsStandApartOrNot_InRecordsPathsAndTopics()
    {
        const string composed = "CAF\u00c9/\u0439";
        var apart = Uri.EscapeDataString("CAFE\u0301/\u0438\u0306");
        using var listener = await Listener.SubscribeAsync(node, $"?topics=ticks&symbols={apart}");
        await TickAsync("CAFE\u0301/\u0438\u0306", "2024-07-09T14:30:00Z", "100");
        await TickAsync(composed, "2024-07-09T14:30:01Z", "101");
        for (var i = 0; i < 2; i++) Assert.Equal(composed, (await listener.NextAsync("tick"))!.Value.GetProperty("symbol").GetString());
        Assert.Equal(
            composed,
            Assert.Single((await node.GetAsync("/symbols")).GetProperty("symbols").EnumerateArray()).GetProperty("symbol").GetString());
        Assert.Equal("101", (await node.GetAsync($"/symbols/{apart}")).GetProperty("last_price").GetRawText());
        Assert.Equal(2, (await node.GetAsync($"/symbols/{apart}/ticks")).GetProperty("ticks").GetArrayLength());
        Assert.Equal(composed, (await node.GetAsync($"/market?symbols={apart}")).GetProperty("rows")[0].GetProperty("symbol").GetString());
        using (await node.Client.PutAsync(new Uri($"/subscriptions/{apart}", UriKind.Relative), null)) { }

        Assert.Equal(composed, (await node.GetAsync("/subscriptions")).GetProperty("symbols")[0].GetString());
    }

    [Fact]
    public async Task StateOfThePast_IsWhatItWas()
    {
        await TickAsync("A", "2024-07-09T14:30:00Z", "100");
        var then = await node.GetAsync("/symbols/A");
        await TickAsync("A", "2024-07-09T14:35:00Z", "200");

        Assert.Equal(
            then.GetProperty("state_hash").GetString(),
            (await node.GetAsync("/symbols/A?at=2024-07-09T14:34:59Z")).GetProperty("state_hash").GetString());
        Assert.Equal("100", (await node.GetAsync("/symbols/A?at=1720535400000000000")).GetProperty("last_price").GetRawText());
        Assert.Equal(
            "unknown_symbol", (await node.GetAsync("/symbols/A?at=2024-07-08", HttpStatusCode.NotFound)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task StateBeforeDeletedEvents_IsGone_AndNotUnknown()
    {
        await using var keepsLittle = await RunningNode.StartAsync(
            Plan, options => options with { Engine = new EmbeddedOptions { SnapshotEvery = 1, DeleteCoveredEvents = true } });
        for (var minute = 30; minute < 34; minute++)
            await keepsLittle.PostAsync("/ingest", $$"""{"symbol":"A","ts":"2024-07-09T14:{{minute}}:00Z","price":100,"size":1}""");
        await keepsLittle.RestartAsync(); // and then the due ones are deleted
        foreach (var path in new[] { "/symbols/A?at=2024-07-09T14:30:30Z", "/symbols/A?at=2024-07-08" })
            Assert.Equal("events_deleted", (await keepsLittle.GetAsync(path, HttpStatusCode.Gone)).GetProperty("code").GetString());
        Assert.Equal("100", (await keepsLittle.GetAsync("/symbols/A?at=2024-07-09T14:33:30Z")).GetProperty("last_price").GetRawText());
    }

    [Fact]
    public async Task Bars_ComeInPages_FromTheFirstOrTheLast()
    {
        for (var minute = 0; minute < 6; minute++) await TickAsync("A", $"2024-07-09T14:3{minute}:30Z", $"{100 + minute}");

        Assert.Equal(["100", "101", "102", "103", "104"], await ClosesAsync("/symbols/A/bars?frame=1min"));
        Assert.Equal(["103", "104"], await ClosesAsync("/symbols/A/bars?frame=1min&limit=2"));
        Assert.Equal(["101", "102"], await ClosesAsync("/symbols/A/bars?frame=1min&from=2024-07-09T14:31:00Z&to=2024-07-09T14:33:00Z"));
        var page = await node.GetAsync("/symbols/A/bars?frame=1min&from=2024-07-09&limit=2");
        Assert.Equal("2024-07-09T14:32:00Z", page.GetProperty("next").GetString());
        Assert.Equal(["102", "103", "104"], await ClosesAsync($"/symbols/A/bars?frame=1min&from={page.GetProperty("next").GetString()}"));
        Assert.Equal(100.5, (await node.GetAsync("/symbols/A/bars?frame=1min")).GetProperty("bars")[1].GetProperty("values")
            .GetProperty("sma(2)").GetDouble());
    }

    [Fact]
    public async Task Bars_ComeInPagesBackwards_AndNoneIsMissed()
    {
        for (var minute = 0; minute < 8; minute++) await TickAsync("A", $"2024-07-09T14:3{minute}:30Z", $"{100 + minute}");
        var (closes, to) = (new List<string>(), "");
        while (true)
        {
            var page = await node.GetAsync($"/symbols/A/bars?frame=1min&limit=3{to}");
            closes.InsertRange(0, page.GetProperty("bars").EnumerateArray().Select(bar => bar.GetProperty("close").GetRawText()));
            if (!page.TryGetProperty("previous", out var previous)) break;
            to = $"&to={previous.GetString()}";
        }

        Assert.Equal(["100", "101", "102", "103", "104", "105", "106"], closes);
        Assert.False((await node.GetAsync("/symbols/A/bars?frame=1min&from=2024-07-09&limit=3")).TryGetProperty("previous", out _));
    }

    [Fact]
    public async Task BarsOfTicks_ThatShareATimeOrComeLate_AreOnSomePage()
    {
        await using var ticks = await RunningNode.StartAsync("""{ "frames": ["tick"] }""");
        foreach (var (second, price) in new[] { (1, 1), (2, 2), (2, 3), (2, 4), (5, 5), (3, 6), (6, 7) })
            await ticks.PostAsync("/ingest", $$"""{"symbol":"A","ts":"2024-07-09T14:30:0{{second}}Z","price":{{price}},"size":1}""");
        var (prices, to) = (new HashSet<string>(), "");
        for (var pages = 0; pages < 7; pages++)
        {
            var page = await ticks.GetAsync($"/symbols/A/bars?frame=tick&limit=4{to}");
            foreach (var bar in page.GetProperty("bars").EnumerateArray()) prices.Add(bar.GetProperty("close").GetRawText());
            if (!page.TryGetProperty("previous", out var previous)) break;
            to = $"&to={previous.GetString()}";
        }

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], prices.Order());
    }

    [Fact]
    public async Task PlanOfASymbol_SaysWhatIsComputed_AndInWhatUnits()
    {
        await using var venue = await RunningNode.StartAsync("""
            {
              "frames": ["1min"], "indicators": ["macd(12,26,9)", "rsi(14)@1min", "obv"], "rules": ["buy when close > 1"],
              "symbols": { "BTC/USD": { "frames": ["tick", "1hour"], "indicators": [], "rules": [], "price_decimals": 2, "size_decimals": 5, "price": "mid" }, "SAP": { "calendar": "xetra" }, "AAPL": { "calendar": "us-equities" } }
            }
            """);
        var plan = await venue.GetAsync("/symbols/A/plan");
        Assert.Equal(
            ("24h", "UTC", "trade", 8, 8),
            (Text("calendar"), Text("zone"), Text("price"), plan.GetProperty("price_decimals").GetInt32(),
                plan.GetProperty("size_decimals").GetInt32()));
        Assert.Equal(
            ["macd(12,26,9).line macd line  price_difference", "macd(12,26,9).signal macd signal  price_difference",
                "macd(12,26,9).histogram macd histogram  price_difference", "rsi(14)@1min rsi  1min percent", "obv obv   quantity"],
            plan.GetProperty("indicators").EnumerateArray().Select(one => $"{one.GetProperty("name")} {one.GetProperty("kind")} "
                + $"{one.GetProperty("output")} {one.GetProperty("frame")} {one.GetProperty("unit")}"));
        await OpenApiTests.CheckAsync(venue, "/symbols/{symbol}/plan", plan);
        plan = await venue.GetAsync("/symbols/BTC%2FUSD/plan");
        Assert.Equal(
            ("mid", 2, 5, "tick 1hour"),
            (Text("price"), plan.GetProperty("price_decimals").GetInt32(), plan.GetProperty("size_decimals").GetInt32(),
                string.Join(' ', plan.GetProperty("frames").EnumerateArray().Select(frame => frame.GetString()))));
        Assert.Equal("Europe/Berlin", (await venue.GetAsync("/symbols/SAP/plan")).GetProperty("zone").GetString());
        Assert.Equal("America/New_York", (await venue.GetAsync("/symbols/AAPL/plan")).GetProperty("zone").GetString());

        string? Text(string name) => plan.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("/symbols/A/bars")]
    [InlineData("/symbols/A/bars?frame=5min")]
    [InlineData("/symbols/A/bars?frame=weekly")]
    [InlineData("/symbols/A/bars?frame=1min&limit=0")]
    [InlineData("/symbols/A/ticks?from=yesterday")]
    [InlineData("/symbols/A%2CB")]
    [InlineData("/signals?from=-1")]
    public async Task BadParameter_IsNamed(string path) =>
        Assert.Equal("bad_parameter", (await node.GetAsync(path, HttpStatusCode.BadRequest)).GetProperty("code").GetString());

    [Fact]
    public async Task Ticks_AreTheRecordsAsTheyWereAccepted()
    {
        for (var second = 0; second < 9; second++) await TickAsync("A", $"2024-07-09T14:30:0{second}Z", $"{100 + second}");

        Assert.Equal(["107", "108"], await PricesAsync("/symbols/A/ticks?limit=2"));
        Assert.Equal(["101", "102"], await PricesAsync("/symbols/A/ticks?limit=2&from=2024-07-09T14:30:01Z"));
        Assert.Equal(["103"], await PricesAsync("/symbols/A/ticks?from=2024-07-09T14:30:03Z&to=2024-07-09T14:30:04Z"));
        Assert.Equal(9, (await PricesAsync("/symbols/A/ticks")).Count);
    }

    [Fact]
    public async Task Summary_IsTheTradingDaySoFar()
    {
        await TickAsync("A", "2024-07-08T20:00:00Z", "80");
        await TickAsync("A", "2024-07-09T14:30:00Z", "100", 1);
        await TickAsync("A", "2024-07-09T14:30:10Z", "103", 2);
        await TickAsync("A", "2024-07-09T14:31:00Z", "99", 0);
        await TickAsync("A", "2024-07-09T14:30:50Z", "98", 4); // too late for its bar
        var day = await node.GetAsync("/symbols/A/summary");

        Assert.Equal("2024-07-09", day.GetProperty("date").GetString());
        Assert.Equal(
            ["100", "103", "99", "99"], ((string[])["open", "high", "low", "close"]).Select(name => day.GetProperty(name).GetRawText()));
        Assert.Equal("3", day.GetProperty("volume").GetRawText());
        Assert.Equal("99.71428571", day.GetProperty("vwap").GetRawText()); // (100 + 206 + 392) / 7
        Assert.Equal("80", day.GetProperty("previous_close").GetRawText());
        Assert.Equal("19", day.GetProperty("change").GetRawText());
        Assert.Equal(23.75, day.GetProperty("change_percent").GetDouble());
        Assert.Equal(
            (3, 1, 1), (day.GetProperty("ticks").GetInt64(), day.GetProperty("late").GetInt64(), day.GetProperty("signals").GetInt64()));
    }

    [Fact]
    public async Task SummaryUnderAPlanWithoutDays_IsMadeOfItsSmallerBars()
    {
        await node.DisposeAsync();
        node = await RunningNode.StartAsync("""{ "frames": ["1min", "5min"] }""");
        await TickAsync("A", "2024-07-08T20:00:00Z", "80");
        await TickAsync("A", "2024-07-09T14:30:00Z", "100", 1);
        await TickAsync("A", "2024-07-09T14:36:10Z", "103", 2);
        await TickAsync("A", "2024-07-09T14:37:00Z", "99", 4);
        var day = await node.GetAsync("/symbols/A/summary");

        Assert.Equal(
            ["100", "103", "99", "99", "7"],
            ((string[])["open", "high", "low", "close", "volume"]).Select(name => day.GetProperty(name).GetRawText()));
    }

    [Fact]
    public async Task SummaryOfAnEarlierDay_IsThatDay()
    {
        await TickAsync("A", "2024-07-08T10:00:00Z", "80", 2);
        await TickAsync("A", "2024-07-08T20:00:00Z", "90", 2);
        await TickAsync("A", "2024-07-10T14:30:00Z", "100", 1);
        var day = await node.GetAsync("/symbols/A/summary?date=2024-07-08");

        Assert.Equal(
            ("90", "85", 2),
            (day.GetProperty("close").GetRawText(), day.GetProperty("vwap").GetRawText(), day.GetProperty("ticks").GetInt64()));
        Assert.Equal(JsonValueKind.Null, day.GetProperty("change").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await node.GetAsync("/symbols/A/summary?date=2024-07-09")).GetProperty("open").ValueKind);
    }

    [Fact]
    public async Task Signals_ComeInPages_InTheOrderOfTheLog()
    {
        for (var minute = 0; minute < 9; minute++)
        {
            await TickAsync("A", $"2024-07-09T14:3{minute}:00Z", minute % 2 == 0 ? "101" : "99");
            await TickAsync("B", $"2024-07-09T14:3{minute}:00Z", minute % 2 == 0 ? "99" : "101");
        }

        await UntilLoggedAsync();
        var all = await node.GetAsync("/signals");
        var positions = all.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("position").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, positions.Count).Select(number => (long)number), positions);
        Assert.Equal(8, positions.Count); // every second of the eight closed bars of each
        Assert.Equal(positions.Count, all.GetProperty("last").GetInt64());

        var paged = new List<long>();
        for (long from = 0; from < positions.Count;)
        {
            var page = await node.GetAsync($"/signals?limit=2&from={from}");
            paged.AddRange(page.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("position").GetInt64()));
            from = page.GetProperty("next").GetInt64();
        }

        Assert.Equal(positions, paged);
        Assert.All(
            (await node.GetAsync("/signals?symbol=B")).GetProperty("signals").EnumerateArray(),
            signal => Assert.Equal("B", signal.GetProperty("symbol").GetString()));
        Assert.Empty((await node.GetAsync($"/signals?from={positions.Count}")).GetProperty("signals").EnumerateArray());
    }

    [Fact]
    public async Task Signal_IsExplainedByWhatLedToIt()
    {
        await TickAsync("A", "2024-07-09T14:30:00Z", "99");
        await TickAsync("A", "2024-07-09T14:31:00Z", "101");
        await TickAsync("A", "2024-07-09T14:32:00Z", "102");
        await UntilLoggedAsync();
        var id = (await node.GetAsync("/signals")).GetProperty("signals")[0].GetProperty("id").GetString()!;
        var explanation = await node.GetAsync($"/explain?signal={Uri.EscapeDataString(id)}");

        Assert.Equal("same", explanation.GetProperty("outcome").GetString());
        Assert.Equal(1, explanation.GetProperty("logged").GetProperty("position").GetInt64());
        Assert.Equal("101", explanation.GetProperty("records")[0].GetProperty("price").GetRawText());
        Assert.Equal(
            "unknown_signal", (await node.GetAsync("/explain?signal=none", HttpStatusCode.NotFound)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task SymbolThatIsNotSubscribed_IsRefused()
    {
        Assert.True((await node.GetAsync("/subscriptions")).GetProperty("everything").GetBoolean());
        using (var put = await node.Client.PutAsync(new Uri("/subscriptions/BTC%2FUSD", UriKind.Relative), null))
            Assert.Equal("BTC/USD", (await RunningNode.ReadAsync(put, HttpStatusCode.OK)).GetProperty("symbols")[0].GetString());
        var refused = await node.PostAsync(
            "/ingest", """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":1,"size":1}""", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("not_subscribed", refused.GetProperty("rejections")[0].GetProperty("reason").GetString());

        using var delete = await node.Client.DeleteAsync(new Uri("/subscriptions/BTC%2FUSD", UriKind.Relative));
        Assert.Empty((await RunningNode.ReadAsync(delete, HttpStatusCode.OK)).GetProperty("symbols").EnumerateArray());
    }

    /// <summary>Signals are logged in a commit of their own.</summary>
    private async Task UntilLoggedAsync()
    {
        var fired = (await node.GetAsync("/symbols")).GetProperty("symbols").EnumerateArray()
            .Sum(symbol => symbol.GetProperty("signals").GetInt64());
        Assert.NotEqual(0, fired);
        while (node.Node.Hosted.LastSignal < fired) await Task.Yield();
    }

    private Task<JsonElement> TickAsync(string symbol, string time, string price, int size = 1) =>
        node.PostAsync(
            "/ingest",
            $"{{\"symbol\":\"{symbol}\",\"ts\":\"{time}\",\"price\":{price},\"size\":{size.ToString(CultureInfo.InvariantCulture)}}}");

    private async Task<List<string>> ClosesAsync(string path) =>
        [.. (await node.GetAsync(path)).GetProperty("bars").EnumerateArray().Select(bar => bar.GetProperty("close").GetRawText())];

    private async Task<List<string>> PricesAsync(string path) =>
        [.. (await node.GetAsync(path)).GetProperty("ticks").EnumerateArray().Select(tick => tick.GetProperty("price").GetRawText())];
}
