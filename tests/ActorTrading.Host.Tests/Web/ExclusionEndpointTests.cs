using System.Net;
using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.Host.Tests.Security;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web;

/// <summary>Exclusion of accepted records over HTTP and by the command.</summary>
public sealed class ExclusionEndpointTests
{
    private const string Plan = """{ "frames": ["1min"], "rules": [{ "name": "high", "rule": "buy when close > 100 on 1min" }] }""";

    [Fact]
    public async Task WrongRecord_IsTakenBack_ListedAndCountedAgain_AndTheLogWithdrawsItsSignal()
    {
        await using var node = await RunningNode.StartAsync(Plan);
        await FeedAsync(node, 90, 150, 90, 90);
        var before = await HashAsync(node);
        await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= 1);
        var id = (await node.GetAsync("/signals")).GetProperty("signals")[0].GetProperty("id").GetString()!;
        var told = await node.PostAsync("/symbols/A/exclusions", """{"id":"feed:2"}""");
        await OpenApiTests.CheckAsync(node, "/symbols/{symbol}/exclusions", "post", told);
        Assert.True(told.GetProperty("changed").GetBoolean());
        var number = told.GetProperty("exclusion").GetProperty("number").GetInt64();
        Assert.Equal((1, id, 0), (told.GetProperty("withdrawn_count").GetInt32(),
            told.GetProperty("withdrawn")[0].GetProperty("id").GetString(), told.GetProperty("anew_count").GetInt32()));
        var entry = (await node.GetAsync("/signals?from=1")).GetProperty("signals")[0];
        await OpenApiTests.CheckAsync(node, "/signals", await node.GetAsync("/signals"));
        Assert.Equal(
            ("withdrawn", 1, 2, id),
            (entry.GetProperty("action").GetString(), entry.GetProperty("withdraws").GetInt32(), entry.GetProperty("position").GetInt32(),
                entry.GetProperty("id").GetString()));
        var explained = await node.GetAsync($"/explain?signal={Uri.EscapeDataString(id)}");
        await OpenApiTests.CheckAsync(node, "/explain", explained);
        Assert.Equal(("withdrawn", 2), (explained.GetProperty("outcome").GetString(), explained.GetProperty("withdrawn_at").GetInt32()));
        Assert.Equal([1, 3, 4], (await node.GetAsync("/symbols/A/ticks")).GetProperty("ticks").EnumerateArray()
            .Select(tick => tick.GetProperty("seq").GetInt32()));

        Assert.False(
            (await node.PostAsync("/symbols/A/exclusions", """{"source":"feed","epoch":0,"seq":2}""")).GetProperty("changed").GetBoolean());
        var without = await HashAsync(node);
        await node.RestartAsync();
        Assert.Equal(without, await HashAsync(node));
        var list = await node.GetAsync("/symbols/A/exclusions");
        await OpenApiTests.CheckAsync(node, "/symbols/{symbol}/exclusions", list);
        var listed = Assert.Single(list.GetProperty("exclusions").EnumerateArray());
        Assert.Equal((number, "feed", 0, 2, 1), (
            listed.GetProperty("number").GetInt64(), listed.GetProperty("source").GetString(), listed.GetProperty("epoch").GetInt32(),
            listed.GetProperty("seq").GetInt32(), listed.GetProperty("records").GetInt32()));

        await using (var other = await RunningNode.StartAsync(Plan))
        {
            await FeedAsync(other, 90, null, 90, 90);
            Assert.Equal(await HashAsync(other), without);
        }

        using var gone = await node.Client.DeleteAsync(new Uri($"/symbols/A/exclusions/{number}", UriKind.Relative));
        await OpenApiTests.CheckAsync(
            node, "/symbols/{symbol}/exclusions/{number}", "delete", await RunningNode.ReadAsync(gone, HttpStatusCode.OK));
        Assert.Equal(before, await HashAsync(node));
        using var again = await node.Client.DeleteAsync(new Uri($"/symbols/A/exclusions/{number}", UriKind.Relative));
        Assert.Equal("unknown_exclusion", (await RunningNode.ReadAsync(again, HttpStatusCode.NotFound)).GetProperty("code").GetString());
        using var store = JournalStore.Open(node.Node.Journal.Location);
        Assert.Empty(Verification.Run(store, plan: null).Faults);
    }

    [Fact]
    public async Task SourceOrSpan_IsTakenBack_UpToNow()
    {
        await using var node = await RunningNode.StartAsync(Plan);
        await FeedAsync(node, 90, 91, 92, 93);
        var span = await node.PostAsync("/symbols/A/exclusions", """{"from":"2024-07-09T14:31:00Z","to":"2024-07-09T14:33:00Z"}""");
        Assert.Equal(2, span.GetProperty("exclusion").GetProperty("records").GetInt32());
        var rest = await node.PostAsync("/symbols/A/exclusions", """{"source":"feed"}""");
        Assert.Equal(2, rest.GetProperty("exclusion").GetProperty("records").GetInt32());
        await node.GetAsync("/symbols/A", HttpStatusCode.NotFound);
        Assert.Equal(2, (await node.GetAsync("/symbols/A/exclusions")).GetProperty("exclusions").GetArrayLength());
        Assert.Equal(1, (await node.PostAsync("/ingest", Line(5, 95))).GetProperty("applied").GetInt32());
        Assert.Equal(1, (await node.GetAsync("/symbols")).GetProperty("symbols")[0].GetProperty("applied").GetInt32());
    }

    [Fact]
    public async Task WhereTheFirstEventsAreDeleted_TheAnswerIsGone_AndSaysSo()
    {
        await using var node = await RunningNode.StartAsync(
            Plan, options => options with { Engine = options.Engine with { DeleteCoveredEvents = true, SnapshotEvery = 2 } });
        var problem = default(JsonElement);
        for (var second = 1; second < 60 && problem.ValueKind == JsonValueKind.Undefined; second++)
        {
            await node.PostAsync(
                "/ingest",
                $$"""{"symbol":"A","ts":"2024-07-09T14:30:{{second:00}}Z","price":90,"size":1,"source":"feed","seq":{{second}}}""");
            if (second == 20) await node.RestartAsync();
            using var content = new StringContent("""{"id":"other:1"}""");
            using var answer = await node.Client.PostAsync(new Uri("/symbols/A/exclusions", UriKind.Relative), content);
            if (answer.StatusCode == HttpStatusCode.Gone) problem = await RunningNode.ReadAsync(answer, HttpStatusCode.Gone);
            else Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal("events_deleted", problem.GetProperty("code").GetString());
        Assert.Contains("A: the events of that time were deleted", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await node.GetAsync("/symbols/A/exclusions")).GetProperty("exclusions").EnumerateArray());
    }

    [Theory]
    [InlineData(404, "unknown_symbol", "GHOST", """{"source":"feed"}""")]
    [InlineData(404, "no_such_record", "A", """{"id":"feed:9"}""")]
    [InlineData(404, "no_such_record", "A", """{"from":"1970-01-01","to":"1970-01-02"}""")]
    [InlineData(400, "bad_exclusion", "A", "")]
    [InlineData(400, "bad_exclusion", "A", "[]")]
    [InlineData(400, "bad_exclusion", "A", "{}")]
    [InlineData(400, "bad_exclusion", "A", """{"id":"feed"}""")]
    [InlineData(400, "bad_exclusion", "A", """{"id":":1"}""")]
    [InlineData(400, "bad_exclusion", "A", """{"id":"feed:1","source":"feed"}""")]
    [InlineData(400, "bad_exclusion", "A", """{"seq":1}""")]
    [InlineData(400, "bad_exclusion", "A", """{"source":"feed","seq":-1}""")]
    [InlineData(400, "bad_exclusion", "A", """{"source":""}""")]
    [InlineData(400, "bad_exclusion", "A", """{"from":"soon"}""")]
    [InlineData(400, "bad_exclusion", "A", """{"from":"2024-07-10","to":"2024-07-09"}""")]
    [InlineData(400, "bad_exclusion", "A", """{"sorce":"feed"}""")]
    [InlineData(400, "bad_exclusion", "A", """{"source":"\ud800"}""")]
    public async Task WhatNamesNoRecord_IsRefused_AndChangesNothing(int status, string code, string symbol, string body)
    {
        await using var node = await RunningNode.StartAsync(Plan);
        await FeedAsync(node, 90, 91);
        var before = await HashAsync(node);
        var problem = await node.PostAsync($"/symbols/{symbol}/exclusions", body, (HttpStatusCode)status);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(before, await HashAsync(node));
        Assert.Empty((await node.GetAsync("/symbols/A/exclusions")).GetProperty("exclusions").EnumerateArray());
    }

    [Fact]
    public async Task OnlyWhoAdministers_TakesBack_AndTheLogAndTheJournalKeepWhoItWas()
    {
        await using var node = await GuardedNode.StartAsync(plan: Plan);
        await node.TickAsync("A", "14:30:00", "99", 1);
        Assert.Equal(
            "not_allowed",
            await node.ErrorAsync("POST", "/symbols/A/exclusions", "watch-s3cr3t", HttpStatusCode.Forbidden, """{"id":"eq-1:1"}"""));
        Assert.Equal("not_allowed", await node.ErrorAsync("DELETE", "/symbols/A/exclusions/2", "desk-s3cr3t", HttpStatusCode.Forbidden));
        Assert.Equal("not_allowed", await node.ErrorAsync("GET", "/symbols/B/exclusions", "desk-s3cr3t", HttpStatusCode.Forbidden));
        Assert.Equal("not_allowed", await node.ErrorAsync("DELETE", "/subscriptions", "watch-s3cr3t", HttpStatusCode.Forbidden));
        var told = await node.JsonAsync("POST", "/symbols/A/exclusions", "ops-s3cr3t", HttpStatusCode.OK, """{"id":"eq-1:1"}""");
        var number = told.GetProperty("exclusion").GetProperty("number").GetInt64();
        Assert.Contains(
            node.Log,
            line => line.StartsWith("122 Information 1 records of A were excluded: eq-1:0:1", StringComparison.Ordinal)
                && line.Contains("by ops", StringComparison.Ordinal));
        Assert.Equal("ops", (await node.JsonAsync("GET", "/symbols/A/exclusions", "desk-s3cr3t")).GetProperty("exclusions")[0]
            .GetProperty("by").GetString());
        await node.JsonAsync("DELETE", $"/symbols/A/exclusions/{number}", "ops-s3cr3t");
        Assert.Contains(node.Log, line => line.StartsWith($"123 Information Exclusion {number} of A was ended", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log, line => line.Contains(GuardedNode.Secret, StringComparison.Ordinal));
        await node.JsonAsync("PUT", "/subscriptions/A", "ops-s3cr3t");
        Assert.True((await node.JsonAsync("DELETE", "/subscriptions", "ops-s3cr3t")).GetProperty("everything").GetBoolean());
    }

    [Fact]
    public async Task Command_TakesBackListsAndCountsAgain()
    {
        await using var node = await RunningNode.StartAsync(Plan);
        await FeedAsync(node, 90, 150, 90, 90);
        var url = node.Node.Http[0].ToString();
        var before = await HashAsync(node);
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["exclude", "A", "--id", "feed:2", "--node", url]));
        Assert.NotEqual(before, await HashAsync(node));
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["exclude", "A", "--node", url]));
        Assert.Equal(
            ExitCode.Ok,
            await CommandLine.RunAsync(["exclude", "A", "--source", "feed", "--from", "2024-07-09T14:32:00Z", "--json", "--node", url]));
        var exclusions = node.Node.Plan.For(Symbol.Parse("A")).Exclusions!.All;
        Assert.Equal([1, 2], exclusions.Select(exclusion => exclusion.Records));
        foreach (var exclusion in exclusions)
            Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["exclude", "A", "--include", $"{exclusion.Number}", "--node", url]));
        Assert.Equal(before, await HashAsync(node));
        Assert.Equal(ExitCode.BadInput, await CommandLine.RunAsync(["exclude", "A", "--id", "feed:77", "--node", url]));
        Assert.Equal(ExitCode.BadInput, await CommandLine.RunAsync(["exclude", "A", "--include", "77", "--node", url]));
        Assert.Equal(ExitCode.Usage, await CommandLine.RunAsync(["exclude", "A", "--id", "feed:2", "--source", "feed", "--node", url]));
        await node.Node.Engine.SubscribeAsync([Symbol.Parse("A")]);
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["subscriptions", "clear", "--node", url]));
        Assert.False((await node.Node.Engine.SubscriptionsAsync()).HasList);
    }

    /// <summary>The record of a wrong century has no source and seq, so it is named by its time.</summary>
    [CaseFact]
    public async Task CaseOfTheWrongCentury_GoesOnWithoutThatRecord()
    {
        var lines = await File.ReadAllLinesAsync(SharedCases.PathOf("08-future-poison/poison.ndjson"));
        var good = lines.Where(line => !line.Contains("2125-", StringComparison.Ordinal)).ToArray();
        Assert.Equal(lines.Length - 1, good.Length);
        await using var node = await RunningNode.StartAsync(
            change: options => options with { Intake = options.Intake with { MaxAhead = TimeSpan.FromDays(365 * 200) } });
        var poisoned = await node.PostAsync("/ingest", string.Join('\n', lines));
        Assert.Equal(195, poisoned.GetProperty("late").GetInt32());
        var told = await node.PostAsync("/symbols/AAPL/exclusions", """{"from":"2026-01-01"}""");
        Assert.Equal(1, told.GetProperty("exclusion").GetProperty("records").GetInt32());
        await using var other = await RunningNode.StartAsync();
        var clean = await other.PostAsync("/ingest", string.Join('\n', good));
        Assert.Equal(good.Length, clean.GetProperty("applied").GetInt32());
        Assert.Equal(await HashAsync(other), await HashAsync(node));
        Assert.Equal(
            (good.Length, 0),
            ((await node.GetAsync("/symbols")).GetProperty("symbols")[0].GetProperty("applied").GetInt32(),
                (await node.GetAsync("/symbols")).GetProperty("symbols")[0].GetProperty("late").GetInt32()));
    }

    private static async Task<string?> HashAsync(RunningNode node) =>
        (await node.GetAsync("/state-hash")).GetProperty("state_hash").GetString();

    private static async Task FeedAsync(RunningNode node, params int?[] prices)
    {
        var lines = prices.Select((price, i) => price is { } known ? Line(i + 1, known) : null).OfType<string>().ToList();
        var result = await node.PostAsync("/ingest", string.Join('\n', lines));
        Assert.Equal(lines.Count, result.GetProperty("applied").GetInt32());
    }

    private static string Line(int seq, int price) =>
        $$"""{"symbol":"A","ts":"2024-07-09T14:{{29 + seq}}:00Z","price":{{price}},"size":1,"source":"feed","seq":{{seq}}}""";
}
