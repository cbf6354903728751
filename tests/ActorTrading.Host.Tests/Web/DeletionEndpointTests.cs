using System.Net;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.Host.Tests.Security;

namespace ActorTrading.Host.Tests.Web;

/// <summary>Deletion of symbols over HTTP and by the command.</summary>
public sealed class DeletionEndpointTests
{
    private const string Plan = """{ "frames": ["1min"], "rules": [{ "name": "high", "rule": "buy when close > 100 on 1min" }] }""";

    [Fact]
    public async Task DeletedSymbol_IsGone_AndItsSignalStays_AlsoAfterARestart()
    {
        await using var node = await RunningNode.StartAsync(Plan);
        await FeedAsync(node, "A", 90, 150, 90);
        await FeedAsync(node, "B", 90, 91, 92);
        using var answer = await node.Client.DeleteAsync(new Uri("/symbols/A", UriKind.Relative));
        var told = await RunningNode.ReadAsync(answer, HttpStatusCode.OK);
        await OpenApiTests.CheckAsync(node, "/symbols/{symbol}", "delete", told);
        Assert.Equal((true, true), (told.GetProperty("changed").GetBoolean(), told.GetProperty("purged").GetBoolean()));
        await AssertGoneAsync();
        await node.RestartAsync();
        await AssertGoneAsync();

        using var again = await node.Client.DeleteAsync(new Uri("/symbols/A", UriKind.Relative));
        var same = await RunningNode.ReadAsync(again, HttpStatusCode.OK);
        Assert.Equal(
            (false, told.GetProperty("time").GetString()),
            (same.GetProperty("changed").GetBoolean(), same.GetProperty("time").GetString()));
        using var unknown = await node.Client.DeleteAsync(new Uri("/symbols/C", UriKind.Relative));
        Assert.Equal("unknown_symbol", (await RunningNode.ReadAsync(unknown, HttpStatusCode.NotFound)).GetProperty("code").GetString());
        using var store = JournalStore.Open(node.Node.Journal.Location);
        Assert.Empty(Verification.Run(store, plan: null).Faults);

        async Task AssertGoneAsync()
        {
            Assert.Equal(
                "B",
                Assert.Single((await node.GetAsync("/symbols")).GetProperty("symbols").EnumerateArray()).GetProperty("symbol").GetString());
            await node.GetAsync("/symbols/A", HttpStatusCode.NotFound);
            Assert.Equal(
                "A",
                Assert.Single((await node.GetAsync("/signals")).GetProperty("signals").EnumerateArray()).GetProperty("symbol").GetString());
        }
    }

    [Fact]
    public async Task OnlyWhoAdministers_Deletes_AndTheLogAndTheJournalKeepWhoItWas()
    {
        await using var node = await GuardedNode.StartAsync(plan: Plan);
        await node.TickAsync("A", "14:30:00", "99", 1);
        foreach (var other in (string[])["watch-s3cr3t", "desk-s3cr3t"])
            Assert.Equal("not_allowed", await node.ErrorAsync("DELETE", "/symbols/A", other, HttpStatusCode.Forbidden));
        Assert.Equal("A", (await node.JsonAsync("GET", "/symbols/A", "ops-s3cr3t")).GetProperty("symbol").GetString());
        Assert.Equal("ops", (await node.JsonAsync("DELETE", "/symbols/A", "ops-s3cr3t")).GetProperty("by").GetString());
        Assert.Contains(node.Log, line => line.StartsWith("124 Information A was deleted by ops", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log, line => line.Contains(GuardedNode.Secret, StringComparison.Ordinal));
        Assert.Equal("ops", (await node.JsonAsync("DELETE", "/symbols/A", "ops-s3cr3t")).GetProperty("by").GetString()); // the journal's
    }

    [Fact]
    public async Task Command_DeletesAndSaysSo()
    {
        await using var node = await RunningNode.StartAsync(Plan);
        await FeedAsync(node, "A", 90, 91);
        var url = node.Node.Http[0].ToString();
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["symbols", "delete", "A", "--node", url]));
        Assert.Empty((await node.GetAsync("/symbols")).GetProperty("symbols").EnumerateArray());
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["symbols", "delete", "A", "--json", "--node", url]));
        Assert.Equal(ExitCode.BadInput, await CommandLine.RunAsync(["symbols", "delete", "GHOST", "--node", url]));
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["symbols", "--node", url]));
    }

    private static async Task FeedAsync(RunningNode node, string symbol, params int[] prices)
    {
        var lines = prices.Select((price, i) =>
            $$"""{"symbol":"{{symbol}}","ts":"2024-07-09T14:{{30 + i}}:00Z","price":{{price}},"size":1,"source":"feed","seq":{{i + 1}}}""");
        Assert.Equal(prices.Length, (await node.PostAsync("/ingest", string.Join('\n', lines))).GetProperty("applied").GetInt32());
    }
}
