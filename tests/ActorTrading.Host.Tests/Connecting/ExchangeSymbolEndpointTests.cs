using System.Net;
using System.Text.Json;
using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Tests.Exchanges;
using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Tests.Security;
using ActorTrading.Host.Tests.Web;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Connecting;

/// <c>PUT</c> and <c>DELETE /connectors/NAME/symbols/SYMBOL</c>: the symbols of an exchange connector change while it runs.
public sealed class ExchangeSymbolEndpointTests : IAsyncLifetime
{
    private const string Admin = "ops-s3cr3t";

    private ReplayServer server = null!;
    private GuardedNode node = null!;

    public async Task InitializeAsync()
    {
        var session = RecordedSession.Read("kraken-trades") with { Connections = [[]] };
        server = await ReplayServer.StartAsync(session);
        var options = session.Options with { Name = "coins", Symbols = ["BTC/USD"], Url = server.Url, RestUrl = server.Http };
        node = await GuardedNode.StartAsync(
            change: told => told with { Connectors = [new ExchangeSettings(options), new ScriptedConnectorOptions("queue")] });
        await Until.True(() => !server.Sent.IsEmpty, "the connector has subscribed");
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Symbol_IsReadFromNowOn_AndNoMore()
    {
        var more = await node.JsonAsync("PUT", "/connectors/coins/symbols/ETH%2FUSD", Admin);
        Assert.Equal(["BTC/USD", "ETH/USD"], Symbols(more));
        // repeated: no change
        Assert.Equal(["BTC/USD", "ETH/USD"], Symbols(await node.JsonAsync("PUT", "/connectors/coins/symbols/ETH%2FUSD", Admin)));
        var less = await node.JsonAsync("DELETE", "/connectors/coins/symbols/BTC%2FUSD", Admin);
        Assert.Equal(["ETH/USD"], Symbols(less));
        Assert.Equal(["ETH/USD"], Symbols(await node.JsonAsync("GET", "/connectors", Admin)));
        await Until.True(() => server.Sent.Count == 3, "the exchange has heard of it");
        Assert.Equal(
            ["subscribe [\"BTC/USD\"]", "subscribe [\"ETH/USD\"]", "unsubscribe [\"BTC/USD\"]"],
            server.Sent.Select(sent => JsonDocument.Parse(sent).RootElement)
            .Select(sent => $"{sent.GetProperty("method")} {sent.GetProperty("params").GetProperty("symbol")}"));
        Assert.Equal(1, server.Connections);

        Assert.Equal(
            [
                "ops connectors.put coins ETH/USD begun", "ops connectors.put coins ETH/USD done",
                "ops connectors.put coins ETH/USD begun", "ops connectors.put coins ETH/USD done",
                "ops connectors.delete coins BTC/USD begun", "ops connectors.delete coins BTC/USD done",
            ],
            AuditLines());
    }

    [Fact]
    public async Task WhatIsRefused_ChangesNothing_AndIsAudited()
    {
        Assert.Equal("unknown_connector", await node.ErrorAsync("PUT", "/connectors/bonds/symbols/A", Admin, HttpStatusCode.NotFound));
        Assert.Equal("unknown_connector", await node.ErrorAsync("DELETE", "/connectors/bonds/symbols/A", Admin, HttpStatusCode.NotFound));
        Assert.Equal("wrong_connector", await node.ErrorAsync("PUT", "/connectors/queue/symbols/A", Admin, HttpStatusCode.Conflict));
        Assert.Equal("wrong_connector", await node.ErrorAsync("DELETE", "/connectors/queue/symbols/A", Admin, HttpStatusCode.Conflict));
        Assert.Equal("bad_parameter", await node.ErrorAsync("PUT", "/connectors/coins/symbols/A%2CB", Admin, HttpStatusCode.BadRequest));
        Assert.Empty(AuditLines());
        // a symbol, but not one of the exchange
        Assert.Equal("bad_symbol", await node.ErrorAsync("PUT", "/connectors/coins/symbols/A%C3%89", Admin, HttpStatusCode.BadRequest));
        Assert.Equal(
            "unknown_symbol", await node.ErrorAsync("DELETE", "/connectors/coins/symbols/ETH%2FUSD", Admin, HttpStatusCode.NotFound));
        Assert.Equal(
            [
                "ops connectors.put coins A\u00c9 begun", "ops connectors.put coins A\u00c9 failed",
                "ops connectors.delete coins ETH/USD begun", "ops connectors.delete coins ETH/USD failed",
            ],
            AuditLines());
        Assert.Equal(["BTC/USD"], Symbols(await node.JsonAsync("GET", "/connectors", Admin)));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task CallerWithoutTheRightToAdministrate_ChangesNothing(string method)
    {
        Assert.Equal(
            "not_allowed",
            await node.ErrorAsync(method, "/connectors/coins/symbols/BTC%2FUSD", "watch-s3cr3t", HttpStatusCode.Forbidden));
        Assert.Equal(HttpStatusCode.Unauthorized, (await node.AskAsync(method, "/connectors/coins/symbols/BTC%2FUSD", null)).StatusCode);
        Assert.Equal(["BTC/USD"], Symbols(await node.JsonAsync("GET", "/connectors", "watch-s3cr3t")));
        await Until.True(() => Refused().Count == 2, "the refusals are written");
        Assert.Equal(["anonymous", "watch"], Refused().Order());

        List<string?> Refused() =>
        [
            .. AuditTests.Lines(node)
                .Where(line => Text(line, "outcome") == "refused"
                    && Text(line, "action") == (method == "PUT" ? AuditActions.ConnectorsPut : AuditActions.ConnectorsDelete))
                .Select(line => Text(line, "caller")),
        ];
    }

    [Fact]
    public async Task StatusOfAnExchange_IsDescribed_AndInTheMetrics()
    {
        var told = await node.JsonAsync("GET", "/connectors", Admin);
        OpenApiTests.Check(await node.JsonAsync("GET", "/openapi.json", Admin), "/connectors", told);
        var events = Coins(told).GetProperty("events");
        Assert.Equal(ExchangeCounts.Names, events.EnumerateObject().Select(one => one.Name));
        Assert.Equal(1, events.GetProperty("connections").GetInt64());
        using var answer = await node.AskAsync("GET", "/metrics", Admin);
        var metrics = await answer.Content.ReadAsStringAsync();
        Assert.Contains(
            "actortrading_connector_events_total{connector=\"coins\",kind=\"kraken\",event=\"connections\"} 1", metrics,
            StringComparison.Ordinal);
    }

    private static JsonElement Coins(JsonElement answer) =>
        answer.GetProperty("connectors").EnumerateArray().Single(one => Text(one, "name") == "coins");

    private static IEnumerable<string?> Symbols(JsonElement answer) =>
        Coins(answer).GetProperty("symbols").EnumerateArray().Select(one => one.GetString());

    private IEnumerable<string> AuditLines() => AuditTests.Lines(node).Where(line => line.TryGetProperty("change", out _))
        .Select(line => $"{Text(line, "caller")} {Text(line, "action")} {Text(line, "target")} {Text(line, "outcome")}");

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var member) ? member.GetString() : null;
}
