using System.Net;
using System.Text.Json;
using ActorTrading.Host.Web.Queries;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web.Queries;

/// <summary>
/// Queries of the past run one after another, end when their callers disconnect or their time is over, and delay no other work.
/// </summary>
public sealed class HistoryQueryTests
{
    private const string Bars = "/symbols/SLOW/bars?frame=1min&limit=1";

    private const string Rules =
        """
        {"tokens":[
          {"name":"feeder","token":"feeder-s3cr3t-0123456789","sources":["*"],"symbols":["*"]},
          {"name":"desk","token":"desk-s3cr3t-0123456789","read":["SLOW"],"limits":{"queries":2}},
          {"name":"watch","token":"watch-s3cr3t-0123456789","read":["*"]}]}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SixtyAbortedQueries_TakeTwoPlaces_AndLeaveThem_WhileHealthMetricsAndOtherSymbolsAreServed(bool isCluster)
    {
        await using var node = await QueriedNode.StartAsync(isCluster, new QueryOptions { AtOnce = 2, WaitingPerCaller = 5 });
        await node.SendAsync("SLOW", 20);
        await node.SendAsync("OTHER", 1);
        node.Journal.Close();
        using var leaving = new CancellationTokenSource();
        var asked = Enumerable.Range(0, 60).Select(_ => node.GetAsync(Bars, leaving.Token)).ToList();
        await EngineReading.UntilAsync(() => asked.Count(one => one.IsCompleted) == 60 - 2 - 5 && node.Journal.Held == 2);
        foreach (var refused in asked.Where(one => one.IsCompleted)) await AssertRefusedAsync(await refused);

        using (var ready = await node.GetAsync("/health/ready")) Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var metrics = await node.MetricsAsync();
        Assert.Contains("actortrading_queries_running 2\n", metrics);
        Assert.Contains("actortrading_queries_waiting 5\n", metrics);
        Assert.Contains("""actortrading_queries_refused_total{limit="caller"} 53""", metrics);
        await node.SendAsync("THIRD", 3);
        Assert.Equal("99", (await node.JsonAsync("/symbols/OTHER")).GetProperty("last_price").GetRawText());
        Assert.Equal((2, 5, 2), (node.Pool.Running, node.Pool.Waiting, node.Journal.MostHeld));

        await leaving.CancelAsync();
        await EngineReading.UntilAsync(() => node.Pool.Waiting == 0); // the waiting caller has left, although no query has ended
        var before = node.Journal.Rows;
        node.Journal.Open();
        await EngineReading.UntilAsync(() => node.Pool.Running == 0);
        Assert.InRange(node.Journal.Rows - before, 0, 2); // one row each, at which the cancellation is noticed
        Assert.Equal(1, (await node.JsonAsync(Bars)).GetProperty("bars").GetArrayLength());
    }

    [Theory]
    [InlineData(false, "/symbols/SLOW/bars?frame=1min&limit=100")]
    [InlineData(false, "/symbols/SLOW?at=2024-07-10")]
    [InlineData(false, "/symbols/SLOW/ticks?from=2034-07-09")]
    [InlineData(false, "/symbols/SLOW/summary")]
    [InlineData(false, "/explain?signal=SLOW/buy-5b7c2a1f/1min/1720535460000000000/0")]
    [InlineData(true, "/symbols/SLOW/bars?frame=1min&limit=100")]
    [InlineData(true, "/symbols/SLOW?at=2024-07-10")]
    public async Task WorkOfAQuery_EndsWithItsCaller_AndWithItsTime(bool isCluster, string path)
    {
        await using var node = await QueriedNode.StartAsync(isCluster, new QueryOptions { Timeout = TimeSpan.FromSeconds(2) });
        await node.SendAsync("SLOW", 20);
        if (path.StartsWith("/explain", StringComparison.Ordinal)) path = await SignalPathAsync(node);
        node.Journal.IsEndless = true;
        using var leaving = new CancellationTokenSource();
        var asked = node.GetAsync(path, leaving.Token);
        await EngineReading.UntilAsync(() => node.Journal.Rows > 1_000);
        await leaving.CancelAsync();
        await EngineReading.UntilAsync(() => node.Pool.Running == 0); // its slot is free when its reading has ended
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        var told = await node.JsonAsync(path, HttpStatusCode.GatewayTimeout);
        Assert.Equal("query_timeout", told.GetProperty("code").GetString());
        Assert.Equal(0, node.Pool.Running);
        Assert.Contains("actortrading_queries_timed_out_total 1\n", await node.MetricsAsync());
        node.Journal.IsEndless = false;
        await node.JsonAsync(path);
    }

    [Fact]
    public async Task QueryBeyondTheQuotaOfItsToken_IsRefused_AndAnotherTokenIsServed()
    {
        await using var node = await QueriedNode.StartAsync(isCluster: false, new QueryOptions { AtOnce = 3 }, Rules);
        await node.SendAsync("SLOW", 20, "feeder-s3cr3t-0123456789");
        await node.SendAsync("OTHER", 20, "feeder-s3cr3t-0123456789");
        node.Journal.Close();
        var held = Enumerable.Range(0, 2).Select(_ => node.GetAsync(Bars, token: "desk-s3cr3t-0123456789")).ToList();
        await EngineReading.UntilAsync(() => node.Journal.Held == 2);
        await AssertRefusedAsync(await node.GetAsync(Bars, token: "desk-s3cr3t-0123456789"));
        Assert.Equal(1, node.Pool.Refused(QueryLimit.Quota));
        var bars = await node.JsonAsync("/symbols/OTHER/bars?frame=1min&limit=2", token: "watch-s3cr3t-0123456789");
        Assert.Equal(2, bars.GetProperty("bars").GetArrayLength());
        node.Journal.Open();
        foreach (var one in held) Assert.Equal(HttpStatusCode.OK, (await one).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LastBarOfALongHistory_CostsTheEventsSinceASnapshot(bool isCluster)
    {
        await using var node = await QueriedNode.StartAsync(isCluster, new QueryOptions(), snapshotEvery: 40);
        await node.SendAsync("SLOW", 400);
        var all = await node.JsonAsync("/symbols/SLOW/bars?frame=1min");
        var bars = all.GetProperty("bars").EnumerateArray().Select(bar => bar.GetRawText()).ToList();
        Assert.Equal(66, bars.Count);
        Assert.False(all.TryGetProperty("previous", out _));

        var before = node.Journal.Rows;
        var last = await node.JsonAsync(Bars);
        Assert.Equal(bars[^1], last.GetProperty("bars")[0].GetRawText());
        Assert.Equal(last.GetProperty("bars")[0].GetProperty("open_time").GetString(), last.GetProperty("previous").GetString());
        Assert.InRange(node.Journal.Rows - before, 0, 80 + 2);

        var (page, pages) = (last, 1);
        for (; page.TryGetProperty("previous", out var previous); pages++)
        {
            page = await node.JsonAsync($"{Bars}&to={previous.GetString()}");
            Assert.Equal(bars[^(pages + 1)], page.GetProperty("bars")[0].GetRawText());
        }

        Assert.Equal(bars.Count, pages);
        before = node.Journal.Rows;
        var first = await node.JsonAsync($"{Bars}&from=2024-07-09T14:31:00Z");
        Assert.Equal((bars[1], "2024-07-09T14:32:00Z"), (first.GetProperty("bars")[0].GetRawText(), first.GetProperty("next").GetString()));
        Assert.InRange(node.Journal.Rows - before, 0, 25); // three minutes of six events, and one read of the first event
    }

    [Fact]
    public async Task OperationsThatAreQueries_SayInTheirDescription_ThatTheyMayBeRefusedAndMayEnd()
    {
        await using var node = await QueriedNode.StartAsync(isCluster: false, new QueryOptions());
        var paths = (await node.JsonAsync("/openapi.json")).GetProperty("paths");
        var queries = node.Node.Routes.Where(route => route.Metadata.OfType<QueryGate.Mark>().Any())
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).ToList();
        var described = paths.EnumerateObject()
            .Where(path => path.Value.EnumerateObject().Any(operation => HasBoth(operation.Value.GetProperty("responses"))))
            .Select(path => path.Name);
        Assert.Equal(queries.Order(), described.Order());
        Assert.Contains("/symbols/{symbol}/bars", queries);

        static bool HasBoth(JsonElement answers) => answers.TryGetProperty("429", out _) && answers.TryGetProperty("504", out _);
    }

    private static async Task<string> SignalPathAsync(QueriedNode node)
    {
        await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= 1);
        var id = (await node.JsonAsync("/signals")).GetProperty("signals")[0].GetProperty("id").GetString()!;
        return $"/explain?signal={Uri.EscapeDataString(id)}";
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var problem = await RunningNode.ReadAsync(answer, HttpStatusCode.TooManyRequests);
            Assert.Equal("too_many_queries", problem.GetProperty("code").GetString());
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        }
    }
}
