using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests.Security;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web;

/// <summary>The market table: requested once, and followed.</summary>
public sealed class MarketTests : IAsyncDisposable
{
    private const string Plan =
        """{ "frames": ["1min", "1day"], "rules": [{ "name": "high", "rule": "buy when close > 100 on 1min" }] }""";

    private RunningNode? node;
    private int seq;

    private RunningNode Node => node!;

    public async ValueTask DisposeAsync()
    {
        if (node is not null) await node.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_AreTheFiguresOfTheOtherEndpoints(bool isCluster)
    {
        await StartAsync(isCluster);
        await SendAsync(
            Day("A", "2024-07-09", 100, 103.5, 99), Day("A", "2024-07-10", 102, 99.875), Day("BTC/USD", "2024-07-10", 5, 6));
        await EngineReading.UntilAsync(() => Node.Node.Hosted.LastSignal >= 2);
        var answer = await Node.GetAsync("/market");
        await OpenApiTests.CheckAsync(Node, "/market", answer);
        var rows = answer.GetProperty("rows").EnumerateArray().ToDictionary(row => row.GetProperty("symbol").GetString()!);
        var symbols = (await Node.GetAsync("/symbols")).GetProperty("symbols").EnumerateArray().ToList();
        Assert.Equal(symbols.Select(symbol => symbol.GetProperty("symbol").GetString()), rows.Keys);
        foreach (var symbol in symbols)
        {
            var name = symbol.GetProperty("symbol").GetString()!;
            var summary = await Node.GetAsync($"/symbols/{Uri.EscapeDataString(name)}/summary");
            var row = rows[name];
            Assert.Equal(Raw(symbol, "last_price"), Raw(row, "price"));
            Assert.Equal(Raw(symbol, "last_time"), Raw(row, "time"));
            Assert.Equal(Raw(symbol, "late"), Raw(row, "late"));
            Assert.Equal(Raw(summary, "volume"), Raw(row, "volume"));
            Assert.Equal(Raw(summary, "previous_close"), Raw(row, "previous_close"));
            Assert.Equal(Raw(summary, "change"), Raw(row, "change"));
            Assert.Equal(Raw(summary, "signals"), Raw(row, "signals_today"));
            if (summary.GetProperty("change_percent") is { ValueKind: JsonValueKind.Number } percent)
                Assert.Equal(percent.GetDouble(), row.GetProperty("change_percent").GetDouble(), 4);
            var bars = await Node.GetAsync($"/symbols/{Uri.EscapeDataString(name)}/bars?frame=1min&limit=30");
            Assert.Equal(
                bars.GetProperty("bars").EnumerateArray().Select(bar => Raw(bar, "close")),
                row.GetProperty("closes").EnumerateArray().Select(close => close.GetRawText()));
        }

        Assert.Equal("0.875", Raw(rows["A"], "change"));
        var last = (await Node.GetAsync("/signals?symbol=A")).GetProperty("signals").EnumerateArray().Last();
        foreach (var member in new[] { "position", "action", "time" })
            Assert.Equal(Raw(last, member), Raw(rows["A"].GetProperty("signal"), member));
        Assert.Equal("high", rows["A"].GetProperty("signal").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, rows["BTC/USD"].GetProperty("signal").ValueKind);

        var one = (await Node.GetAsync("/market?symbols=BTC%2FUSD")).GetProperty("rows");
        Assert.Equal("BTC/USD", Assert.Single(one.EnumerateArray()).GetProperty("symbol").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Topic_BeginsWithAllRows_AndGoesOnWithThoseThatChange(bool isCluster)
    {
        await StartAsync(isCluster);
        await SendAsync(Day("A", "2024-07-09", 100, 99), Day("B", "2024-07-09", 50));
        using var listener = await Listener.SubscribeAsync(Node, "?topics=market");
        var snapshot = (await listener.NextAsync("market"))!.Value;
        Assert.True(snapshot.GetProperty("snapshot").GetBoolean());
        Assert.Equal(Rows(await Node.GetAsync("/market")).Select(Members), Rows(snapshot).Select(Members).Order());

        await SendAsync([Tick("A", "2024-07-09T14:31:30Z", 98)]); // within a minute: no bar closes
        var row = await RowAsync(listener, "A", "price", "98");
        foreach (var unchanged in new[] { "closes", "signal", "previous_close" }) Assert.False(row.TryGetProperty(unchanged, out _));

        await SendAsync([Tick("A", "2024-07-09T14:32:00Z", 101), Tick("A", "2024-07-09T14:33:00Z", 102)]);
        while (!row.TryGetProperty("signal", out _)) row = await RowAsync(listener, "A");
        Assert.Equal(1, row.GetProperty("signals_today").GetInt32());
        Assert.Equal("high", row.GetProperty("signal").GetProperty("name").GetString());

        static string Members(JsonElement row) =>
            string.Join(' ', row.EnumerateObject().Select(member => member.Name).Prepend(Raw(row, "symbol")));
    }

    [Fact]
    public async Task ManySymbols_ComeInMessagesOfABoundedLength_EachRowOnce()
    {
        const int symbols = 6_000;
        await StartAsync();
        await SendAsync([.. Enumerable.Range(0, symbols).Select(number => Tick($"S{number:0000}", "2024-07-09T14:30:00Z", number + 1))]);
        using var listener = await Listener.SubscribeAsync(Node, "?topics=market");
        var names = new List<string>();
        var left = -1;
        while (left != 0)
        {
            var message = (await listener.NextAsync("market"))!.Value;
            Assert.Equal(left == -1, message.TryGetProperty("snapshot", out _));
            left = message.TryGetProperty("left", out var more) ? more.GetInt32() : 0;
            var rows = message.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("symbol").GetString()!).ToList();
            Assert.InRange(rows.Count, 1, 2_500);
            names.AddRange(rows);
            Assert.Equal(symbols - names.Count, left);
        }

        Assert.Equal(symbols, names.Distinct().Count());
    }

    [Fact]
    public async Task Callers_SeeTheirSymbolsOnly()
    {
        await using var guarded = await GuardedNode.StartAsync();
        await guarded.TickAsync("A", "14:30:00", "1", 1);
        await guarded.TickAsync("B", "14:30:00", "2", 2);

        Assert.Equal(["A"], Symbols(await guarded.JsonAsync("GET", "/market", "desk-s3cr3t")));
        Assert.Equal(["A", "B"], Symbols(await guarded.JsonAsync("GET", "/market", "watch-s3cr3t")));
        Assert.Equal("not_allowed", await guarded.ErrorAsync("GET", "/market?symbols=A,B", "desk-s3cr3t", HttpStatusCode.Forbidden));
        Assert.Equal("token_required", await guarded.ErrorAsync("GET", "/market", null, HttpStatusCode.Unauthorized));

        using var desk = await Listener.ConnectAsync(guarded.Running, "?topics=market", token: "desk-s3cr3t");
        await desk.NextAsync("subscribed");
        Assert.Equal(["A"], Symbols((await desk.NextAsync("market"))!.Value));
        await guarded.TickAsync("B", "14:31:00", "3", 3);
        await guarded.TickAsync("A", "14:31:00", "4", 4);
        while (true)
        {
            var message = (await desk.NextAsync("market"))!.Value;
            Assert.Equal(["A"], Symbols(message));
            if (Raw(message.GetProperty("rows")[0], "price") == "4") break;
        }

        await desk.SendAsync("""{"subscribe":{"topics":["market"],"symbols":["B"]}}""");
        Assert.Equal("not_allowed", (await desk.NextAsync("error"))!.Value.GetProperty("code").GetString());

        static string[] Symbols(JsonElement message) => [.. Rows(message).Select(row => row.GetProperty("symbol").GetString()!)];
    }

    [Fact]
    public async Task RateOfASymbol_IsThatOfTheLastSeconds_AndGoesBackToZero()
    {
        await StartAsync();
        await SendAsync([Tick("A", "2024-07-09T14:30:00Z", 1)]);
        using var listener = await Listener.SubscribeAsync(Node, "?topics=market");
        Assert.Equal("null", Raw((await listener.NextAsync("market"))!.Value.GetProperty("rows")[0], "rate"));
        await SendAsync([.. Enumerable.Range(0, 600).Select(number => Tick("A", "2024-07-09T14:30:01Z", number + 1))]);
        var row = await RowAsync(listener, "A");
        Assert.InRange(row.GetProperty("rate").GetDouble(), 1, 1_000);
        while (row.GetProperty("rate").GetDouble() > 0) row = await RowAsync(listener, "A");
        Assert.Equal("600", Raw(row, "price"));
    }

    private static string Raw(JsonElement element, string member) => element.GetProperty(member).GetRawText();

    private static IEnumerable<JsonElement> Rows(JsonElement message) => message.GetProperty("rows").EnumerateArray();

    private static async Task<JsonElement> RowAsync(Listener listener, string symbol, string? member = null, string? value = null)
    {
        while (true)
        {
            foreach (var row in (await listener.NextAsync("market"))!.Value.GetProperty("rows").EnumerateArray())
            {
                Assert.Equal(symbol, row.GetProperty("symbol").GetString());
                if (member is null || Raw(row, member) == value) return row;
            }
        }
    }

    private async Task StartAsync(bool isCluster = false) => node = await RunningNode.StartAsync(Plan, options => options with
    {
        Kind = isCluster ? EngineKind.Cluster : EngineKind.Embedded, Cluster = options.Cluster with { Port = 0 },
    });

    /// <summary>Prices of a symbol, a minute apart.</summary>
    private string[] Day(string symbol, string date, params double[] prices) =>
        [.. prices.Select((price, minute) => Tick(symbol, $"{date}T14:{30 + minute}:00Z", price))];

    private string Tick(string symbol, string time, double price) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"{{symbol}}","ts":"{{time}}","price":{{price}},"size":2,"source":"feed","seq":{{++seq}}}""");

    private async Task SendAsync(params string[][] records)
    {
        var lines = new StringBuilder();
        foreach (var record in records.SelectMany(some => some)) lines.Append(record).Append('\n');
        await Node.PostAsync("/ingest", lines.ToString());
    }
}
