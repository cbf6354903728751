using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Plans;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests.Security;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web;

public sealed class EmbeddedPlanTrialTests() : PlanTrialTests(inCluster: false);

public sealed class ClusterPlanTrialTests() : PlanTrialTests(inCluster: true);

/// <summary>A plan is checked, and tried on past records, before it is applied.</summary>
public abstract class PlanTrialTests(bool inCluster) : IAsyncLifetime
{
    private const string Present = """
        { "frames": ["1min", "5min"], "indicators": ["rsi(5)"], "rules": [
          { "name": "cross", "rule": "buy when sma(3) crosses above sma(9) on 1min" },
          { "name": "low", "rule": "sell when rsi(5) crosses below 40 on 1min" },
          { "name": "steady", "rule": "alert when close > 100 on 5min" } ] }
        """;

    private const string Changed = """
        { "frames": ["1min", "5min"], "rules": [
          { "name": "cross", "rule": "buy when sma(4) crosses above sma(9) on 1min" },
          { "name": "steady", "rule": "alert when close > 100 on 5min" },
          { "name": "high", "rule": "sell when rsi(5) crosses above 60 on 1min" } ] }
        """;

    private static readonly string[] Symbols = ["A", "B/USD", "C"];
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder folder = new();
    private readonly string market = Market();
    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(Present, options => options with
    {
        Kind = inCluster ? EngineKind.Cluster : EngineKind.Embedded, Cluster = options.Cluster with { Port = 0, Shards = 10 },
    });

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task GoodPlan_IsToldWithItsHash_AndEveryRuleInWords()
    {
        var told = await node.PostAsync("/plan/check", Changed);

        Assert.Equal(Plan.Parse(Changed).Hash.ToString(), told.GetProperty("hash").GetString());
        Assert.Equal(Plan.Parse(Present).Hash.ToString(), told.GetProperty("present").GetString());
        Assert.Equal((false, true), (told.GetProperty("in_force").GetBoolean(), told.GetProperty("can_be_put").GetBoolean()));
        Assert.Empty(told.GetProperty("obstacles").EnumerateArray());
        Assert.Equal(["1min", "5min"], Texts(told.GetProperty("frames")));
        var rules = told.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(["cross", "steady", "high"], rules.Select(rule => rule.GetProperty("name").GetString()));
        Assert.Contains(
            Texts(rules[0].GetProperty("explained")), line => line!.Contains("sma(4) crosses above sma(9)", StringComparison.Ordinal));
        Assert.True((await node.PostAsync("/plan/check", Present)).GetProperty("in_force").GetBoolean());
        Assert.Equal(Plan.Parse(Present).Hash, node.Node.Plan.Hash);
        await OpenApiTests.CheckAsync(node, "/plan/check", "post", told);
    }

    [Fact]
    public async Task RulesOfASymbolOfItsOwn_AreToldToo()
    {
        var told = await node.PostAsync(
            "/plan/check", """{ "frames": ["1min"], "symbols": { "A": { "rules": ["buy when close > 3"] } } }""");

        var own = Assert.Single(told.GetProperty("symbols").EnumerateArray());
        Assert.Equal(("A", "buy when close > 3"), (Text(own, "symbol"), Text(own.GetProperty("rules")[0], "rule")));
        Assert.Empty(told.GetProperty("rules").EnumerateArray());
    }

    [Theory]
    [InlineData("""{ "frame": ["1min"], "rules": ["buy when smma(20) > 3"] }""")]
    [InlineData("""{ "frames": ["1min"], "rules": [{ "name": "x", "rule": "buy when close >" }] }""")]
    [InlineData("{ \"frames\": [\"1min\"\n, }")]
    [InlineData("")]
    public async Task BadPlan_IsRefused_AsPutRefusesIt(string text)
    {
        var checkedNow = await node.PostAsync("/plan/check", text, HttpStatusCode.BadRequest);
        var tried = await node.PostAsync("/plan/dry-run", text, HttpStatusCode.BadRequest);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        using var answer = await node.Client.PutAsync(new Uri("/plan", UriKind.Relative), content);
        var put = await RunningNode.ReadAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal("plan_refused", put.GetProperty("code").GetString());
        Assert.Equal(put.GetRawText(), checkedNow.GetRawText());
        Assert.Equal(put.GetRawText(), tried.GetRawText());
    }

    [Fact]
    public async Task PlanThatReplacesAnother_IsPutOnlyWhereThatIsInForce()
    {
        var (first, text) = (Plan.Parse(Present).Hash.ToString(), new StringContent(Changed));
        using (var put = await node.Client.PutAsync(new Uri($"/plan?replaces={first}", UriKind.Relative), text))
            await RunningNode.ReadAsync(put, HttpStatusCode.OK);
        using var again = await node.Client.PutAsync(new Uri($"/plan?replaces={first}", UriKind.Relative), new StringContent(Present));
        var problem = await RunningNode.ReadAsync(again, HttpStatusCode.Conflict);

        Assert.Equal("plan_changed", problem.GetProperty("code").GetString());
        Assert.Equal(Plan.Parse(Changed).Hash.ToString(), problem.GetProperty("hash").GetString());
        Assert.Equal(Plan.Parse(Changed).Hash, node.Node.Plan.Hash);
    }

    [Fact]
    public async Task DryRun_GivesWhatBacktestsOfBothPlansGive()
    {
        await node.PostAsync("/ingest", market);
        var told = await node.PostAsync("/plan/dry-run?limit=500", Changed);
        var (before, after) = (await BacktestAsync(Present), await BacktestAsync(Changed));

        Assert.True(before.Count > 50 && after.Count > 50, $"{before.Count} and {after.Count} signals are too few to compare.");
        Assert.Equal(("complete", 3), (Text(told, "end"), Number(told, "symbols")));
        Assert.Equal((0, 0), (Number(told, "symbols_left"), Number(told, "symbols_from_later")));
        Assert.Equal(market.Count(one => one == '\n'), Number(told, "records"));
        var counts = told.GetProperty("counts");
        Assert.Equal((before.Count, after.Count), (Number(counts, "present"), Number(counts, "proposed")));
        Assert.Equal(Stays(before, after), Number(counts, "stay"));
        Assert.Equal(before.Count, Number(counts, "stay") + Number(counts, "move") + Number(counts, "go"));
        Assert.Equal(after.Count, Number(counts, "stay") + Number(counts, "move") + Number(counts, "come"));
        Assert.All(["stay", "move", "come", "go"], fate => Assert.True(Number(counts, fate) > 0, fate));
        foreach (var rule in told.GetProperty("rules").EnumerateArray())
        {
            var name = Text(rule, "name");
            Assert.Equal(before.Count(signal => signal.Name == name), Number(rule, "present"));
            Assert.Equal(after.Count(signal => signal.Name == name), Number(rule, "proposed"));
        }

        var listed = told.GetProperty("signals").EnumerateArray().ToList();
        Assert.Equal(Math.Min(500, before.Count + Number(counts, "come")), listed.Count);
        var (idsBefore, idsAfter) = (before.Select(signal => signal.Id).ToHashSet(), after.Select(signal => signal.Id).ToHashSet());
        Assert.All(listed, one => AssertIsFate(one, idsBefore, idsAfter));
        Assert.Equal(Plan.Parse(Present).Hash, node.Node.Plan.Hash);
        await OpenApiTests.CheckAsync(node, "/plan/dry-run", "post", told);
    }

    [Fact]
    public async Task DryRunOfThePresentPlan_ChangesNothing_AndIsWhatTheLogHas()
    {
        await node.PostAsync("/ingest", market);
        var logged = (await BacktestAsync(Present)).Count;
        await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= logged);
        var counts = (await node.PostAsync("/plan/dry-run", Present)).GetProperty("counts");

        Assert.Equal((logged, logged), (Number(counts, "stay"), Number(counts, "present")));
        Assert.Equal(0, Number(counts, "move") + Number(counts, "come") + Number(counts, "go"));
    }

    [Fact]
    public async Task ExcludedRecords_AreFoldedByNeitherPlan()
    {
        await node.PostAsync("/ingest", market);
        var before = await node.PostAsync("/plan/dry-run?symbols=A", Present);
        var excluded = await node.PostAsync("/symbols/A/exclusions", """{"source":"feed","from":"2024-07-09T14:30:00Z"}""");
        var after = await node.PostAsync("/plan/dry-run?symbols=A", Present);

        var records = excluded.GetProperty("exclusion").GetProperty("records").GetInt32();
        Assert.Equal(Number(before, "records") - records, Number(after, "records"));
        var (first, last) = (before.GetProperty("counts"), after.GetProperty("counts"));
        Assert.Equal(Number(first, "present") - Number(excluded, "withdrawn_count"), Number(last, "present"));
        Assert.Equal(Number(last, "present"), Number(last, "stay"));
    }

    [Fact]
    public async Task DryRunOfSomeSymbols_OfTheNewestRecords_AndFromSomeTimeOn_IsOfThoseAlone()
    {
        await node.PostAsync("/ingest", market);
        await node.PostAsync("/ingest", Tick("A", 7_300, 101)); // an event of its own: only whole events are left out
        var some = await node.PostAsync("/plan/dry-run?symbols=A,B%2FUSD", Changed);
        Assert.Equal((2, 0), (Number(some, "symbols"), Number(some, "symbols_from_later")));
        Assert.DoesNotContain("C", some.GetProperty("signals").EnumerateArray().Select(one => Text(one, "symbol")));
        var newest = await node.PostAsync("/plan/dry-run?symbols=A&records=1", Changed);
        Assert.Equal((1, 1, 1), (Number(newest, "symbols"), Number(newest, "symbols_from_later"), Number(newest, "records")));
        var late = await node.PostAsync("/plan/dry-run?from=2024-07-09T15:30:00Z", Changed);
        var expected = (await BacktestAsync(Changed)).Count(signal => signal.Time >= new DateTime(2024, 7, 9, 15, 30, 0, DateTimeKind.Utc));
        // The earlier tick may end a bar that fires.
        Assert.Equal(expected, Number(late.GetProperty("counts"), "proposed") - 1, tolerance: 1);
        foreach (var query in new[] { "symbols=%22", "records=0", "seconds=61", "limit=501", "from=noon" })
            Assert.Equal("bad_parameter", Text(await node.PostAsync($"/plan/dry-run?{query}", Changed, HttpStatusCode.BadRequest), "code"));
    }

    private static void AssertIsFate(JsonElement one, HashSet<string> before, HashSet<string> after)
    {
        var (present, proposed) = (one.GetProperty("present"), one.GetProperty("proposed"));
        var fate = Text(one, "fate");
        Assert.Equal(fate != "comes", present.ValueKind == JsonValueKind.Object);
        Assert.Equal(fate != "goes", proposed.ValueKind == JsonValueKind.Object);
        if (fate != "comes") Assert.Contains(Text(present, "id")!, before);
        if (fate != "goes") Assert.Contains(Text(proposed, "id")!, after);
        if (fate == "moves") Assert.InRange((Time(present) - Time(proposed)).Duration(), TimeSpan.FromTicks(1), Near);
        if (fate == "stays") Assert.Equal(Time(present), Time(proposed));
    }

    /// <summary>
    /// Slow and simple comparison: an earlier signal is unchanged if a later one has its id, or its rule, action and time.
    /// </summary>
    private static int Stays(List<Fired> before, List<Fired> after) => before.Count(signal =>
        after.Any(other => other.Id == signal.Id || (other with { Id = signal.Id }) == signal));

    private async Task<List<Fired>> BacktestAsync(string plan)
    {
        string In(string name) => folder.File(name);
        var (input, planned, output) = (In("market.ndjson"), In("plan.json"), In("signals.ndjson"));
        await File.WriteAllTextAsync(input, market);
        await File.WriteAllTextAsync(planned, plan);
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["backtest", input, "--plan", planned, "--signals-out", output]));
        return [.. (await File.ReadAllLinesAsync(output)).Select(line => Fired.Of(line))];
    }

    private static string Market()
    {
        var text = new StringBuilder();
        for (var second = 0; second < 7_200; second += 10)
        {
            for (var i = 0; i < Symbols.Length; i++)
                text.Append(Tick(Symbols[i], second, Price(second, i))).Append('\n');
        }

        return text.ToString();
    }

    private static double Price(int second, int symbol) =>
        100 + (3 * Math.Sin(second / (170.0 + (40 * symbol)))) + (2 * Math.Sin((second + symbol) / 61.0)) + Math.Cos(second * (symbol + 3));

    private static string Tick(string symbol, int second, double price)
    {
        var time = new DateTime(2024, 7, 9, 14, 0, 0, DateTimeKind.Utc).AddSeconds(second);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"symbol":"{{symbol}}","ts":"{{time:yyyy-MM-ddTHH:mm:ssZ}}","price":{{price:F2}},"size":1,"source":"feed","seq":{{second + 1}}}""");
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static DateTime Time(JsonElement json) => json.GetProperty("time").GetDateTime();

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(one => one.GetString());

    private sealed record Fired(string Id, string Symbol, string Name, string Action, DateTime Time)
    {
        public static Fired Of(string line)
        {
            using var json = JsonDocument.Parse(line);
            var signal = json.RootElement;
            return new Fired(
                Text(signal, "id")!, Text(signal, "symbol")!, Text(signal, "name")!, Text(signal, "action")!, PlanTrialTests.Time(signal));
        }
    }
}

/// <summary>The right to try a plan, its limits, and what prevents that a plan is applied.</summary>
public sealed class PlanTrialAccessTests
{
    private const string Rising = """{ "frames": ["1min"], "rules": [{ "name": "rising", "rule": "alert when close > 10 on tick" }] }""";
    private const string Falling = """{ "frames": ["1min"], "rules": [{ "name": "falling", "rule": "alert when close < 10 on tick" }] }""";

    [Fact]
    public async Task Caller_TriesAPlanOnWhatItMaySee_AndIsToldWhetherItMayPutIt()
    {
        await using var node = await GuardedNode.StartAsync(plan: Rising);
        foreach (var symbol in new[] { "A", "B" })
        {
            await node.TickAsync(symbol, "14:30:00", "9", 1);
            await node.TickAsync(symbol, "14:31:00", "11", 2);
        }

        var watch = await node.JsonAsync("POST", "/plan/check", "watch-s3cr3t", HttpStatusCode.OK, Falling);
        Assert.False(watch.GetProperty("can_be_put").GetBoolean());
        var obstacle = Assert.Single(watch.GetProperty("obstacles").EnumerateArray());
        Assert.Equal("not_allowed", obstacle.GetProperty("code").GetString());
        Assert.Contains("watch", obstacle.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var ops = await node.JsonAsync("POST", "/plan/check", "ops-s3cr3t", HttpStatusCode.OK, Falling);
        Assert.True(ops.GetProperty("can_be_put").GetBoolean());

        var all = await node.JsonAsync("POST", "/plan/dry-run", "ops-s3cr3t", HttpStatusCode.OK, Falling);
        var desk = await node.JsonAsync("POST", "/plan/dry-run", "desk-s3cr3t", HttpStatusCode.OK, Falling);
        Assert.Equal(2, all.GetProperty("symbols").GetInt32());
        Assert.Equal((1, 0), (desk.GetProperty("symbols").GetInt32(), desk.GetProperty("symbols_left").GetInt32()));
        Assert.All(desk.GetProperty("signals").EnumerateArray(), one => Assert.Equal("A", one.GetProperty("symbol").GetString()));
        var refusal = await node.ErrorAsync("POST", "/plan/dry-run?symbols=A,B", "desk-s3cr3t", HttpStatusCode.Forbidden, Falling);
        Assert.Equal("not_allowed", refusal);
        foreach (var path in new[] { "/plan/check", "/plan/dry-run" })
            Assert.Equal("not_allowed", await node.ErrorAsync("POST", path, "feeder-s3cr3t", HttpStatusCode.Forbidden, Falling));
        Assert.Equal("not_allowed", await node.ErrorAsync("GET", "/webhooks", "desk-s3cr3t", HttpStatusCode.Forbidden));
        Assert.Empty((await node.JsonAsync("GET", "/webhooks", "watch-s3cr3t")).GetProperty("webhooks").EnumerateArray());
    }

    [Fact]
    public async Task RuleThatAWebhookWaitsFor_StandsInTheWay()
    {
        var hook = new WebhookOptions { Name = "desk", Url = new Uri("http://127.0.0.1:1/"), Rules = new HashSet<string> { "rising" } };
        await using var node = await RunningNode.StartAsync(Rising, options => options with { Webhooks = [hook] });
        var told = await node.PostAsync("/plan/check", Falling);
        Assert.False(told.GetProperty("can_be_put").GetBoolean());
        Assert.Equal("webhook_rule_missing", Assert.Single(told.GetProperty("obstacles").EnumerateArray()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task EventsThatWereDeleted_StandInTheWay_AndADryRunBeginsBehindThem()
    {
        await using var node = await RunningNode.StartAsync(Rising, options => options with
        {
            Engine = options.Engine with { SnapshotEvery = 2, DeleteCoveredEvents = true },
        });
        var second = 0;
        for (; second < 20; second++) await TickAsync();
        await node.RestartAsync();
        for (; (await node.Node.Journal.Past.WithoutFirstEventAsync()).Count == 0; second++)
        {
            Assert.True(second < 60, "No event was deleted.");
            await TickAsync();
        }

        var told = await node.PostAsync("/plan/check", Falling);
        Assert.Equal("events_deleted", Assert.Single(told.GetProperty("obstacles").EnumerateArray()).GetProperty("code").GetString());
        Assert.True((await node.PostAsync("/plan/check", Rising)).GetProperty("can_be_put").GetBoolean()); // it is applied
        var dry = await node.PostAsync("/plan/dry-run", Falling);
        Assert.Equal((1, 1), (dry.GetProperty("symbols").GetInt32(), dry.GetProperty("symbols_from_later").GetInt32()));
        Assert.InRange(dry.GetProperty("records").GetInt32(), 0, second - 1);

        Task TickAsync() => node.PostAsync(
            "/ingest", $$"""{"symbol":"A","ts":"2024-07-09T14:30:{{second:00}}Z","price":{{9 + (second % 3)}},"size":1}""");
    }
}
