using System.Net;
using ActorTrading.Host.Tests.Web;
using ActorTrading.Host.Web.Access;

namespace ActorTrading.Host.Tests.Security;

/// <summary>The rights of callers to query a node and to send it records.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private static readonly string[] Open =
        ["GET /", "GET /health/live", "GET /health/ready", "GET /openapi.json", "GET /session", "DELETE /session"];

    private GuardedNode node = null!;

    public async Task InitializeAsync() => node = await GuardedNode.StartAsync(plan: SymbolEndpointTests.Plan);

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task EveryRoute_SaysWhatItNeeds_AndOnlyTheOpenOnesAnswerWithoutAToken()
    {
        Assert.All(node.Node.Routes, route => Assert.Single(route.Metadata.OfType<Need>()));
        var asked = 0;
        foreach (var route in node.Node.Routes)
        {
            var path = "/" + route.RoutePattern.RawText!.TrimStart('/').Replace("{symbol}", "A", StringComparison.Ordinal);
            var method = route.Metadata.OfType<Microsoft.AspNetCore.Routing.HttpMethodMetadata>().Single().HttpMethods[0];
            using var answer = await node.AskAsync(method, path, token: null);
            var isOpen = Open.Contains($"{method} {path}") || path.StartsWith("/assets/", StringComparison.Ordinal);
            var isLogin = (method, path) == ("POST", "/session"); // of the node's own page only
            Assert.Equal(isOpen ? HttpStatusCode.OK : isLogin ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized, answer.StatusCode);
            asked++;
        }

        Assert.True(asked > 15);
    }

    [Fact]
    public async Task RequestWithoutAGoodToken_IsToldWhatIsMissing()
    {
        using (var none = await node.AskAsync("GET", "/symbols", token: null))
            Assert.Equal("Bearer realm=\"actortrading\"", none.Headers.WwwAuthenticate.ToString());
        using (var wrong = await node.AskAsync("GET", "/symbols", "guessed"))
            Assert.Contains("invalid_token", wrong.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("token_required", await node.ErrorAsync("GET", "/symbols", null, HttpStatusCode.Unauthorized));
        Assert.Equal("bad_token", await node.ErrorAsync("GET", "/symbols", "watch-s3cr3", HttpStatusCode.Unauthorized));
        Assert.Equal(
            "token_required",
            await node.ErrorAsync("GET", "/symbols?access_token=watch-s3cr3t&token=watch-s3cr3t", null, HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("GET", "/symbols", "feeder-s3cr3t")]
    [InlineData("POST", "/ingest", "watch-s3cr3t")]
    [InlineData("PUT", "/subscriptions/A", "watch-s3cr3t")]
    [InlineData("DELETE", "/subscriptions/A", "watch-s3cr3t")]
    [InlineData("DELETE", "/subscriptions", "watch-s3cr3t")]
    [InlineData("POST", "/symbols/A/exclusions", "watch-s3cr3t")]
    [InlineData("DELETE", "/symbols/A/exclusions/2", "watch-s3cr3t")]
    [InlineData("GET", "/symbols/B/exclusions", "desk-s3cr3t")]
    [InlineData("PUT", "/plan", "watch-s3cr3t")]
    [InlineData("GET", "/ledger", "desk-s3cr3t")]
    [InlineData("GET", "/connections", "desk-s3cr3t")]
    [InlineData("GET", "/partitions", "desk-s3cr3t")]
    [InlineData("GET", "/shards", "desk-s3cr3t")]
    [InlineData("GET", "/cluster", "desk-s3cr3t")]
    [InlineData("GET", "/rejects", "desk-s3cr3t")]
    [InlineData("GET", "/ledger?nodes=all", "desk-s3cr3t")]
    [InlineData("GET", "/connections?nodes=all", "desk-s3cr3t")]
    [InlineData("GET", "/metrics", "desk-s3cr3t")]
    [InlineData("GET", "/plan", "desk-s3cr3t")]
    [InlineData("GET", "/state-hash", "desk-s3cr3t")]
    [InlineData("GET", "/symbols/B", "desk-s3cr3t")]
    [InlineData("GET", "/symbols/B/bars?frame=1min", "desk-s3cr3t")]
    [InlineData("GET", "/symbols/B/ticks", "desk-s3cr3t")]
    [InlineData("GET", "/symbols/B/summary", "desk-s3cr3t")]
    [InlineData("GET", "/symbols/%42", "desk-s3cr3t")]
    [InlineData("GET", "/signals?symbol=A,B", "desk-s3cr3t")]
    [InlineData("GET", "/explain?signal=B/buy-5b7c2a1f/1min/1720535460000000000/0", "desk-s3cr3t")]
    [InlineData("GET", "/explain?signal=B", "desk-s3cr3t")]
    [InlineData("GET", "/events?topics=bars&symbols=B", "desk-s3cr3t")]
    public async Task TokenWithoutTheRight_IsRefused(string method, string path, string token)
    {
        await node.TickAsync("B", "14:30:00", "99", 1);

        Assert.Equal("not_allowed", await node.ErrorAsync(method, path, token, HttpStatusCode.Forbidden, method == "POST" ? "{}" : null));
    }

    [Fact]
    public async Task TokenWithTheRight_IsServed()
    {
        foreach (var path in new[]
        {
            "/ledger", "/connections", "/partitions", "/plan", "/state-hash", "/symbols", "/signals", "/subscriptions",
        })
            await node.JsonAsync("GET", path, "watch-s3cr3t");
        using (var metrics = await node.AskAsync("GET", "/metrics", "watch-s3cr3t")) Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
        await node.JsonAsync("PUT", "/subscriptions/A", "ops-s3cr3t");
        Assert.Equal("A", (await node.JsonAsync("GET", "/subscriptions", "desk-s3cr3t")).GetProperty("symbols")[0].GetString());
    }

    [Fact]
    public async Task Answers_LeaveOutWhatTheReaderMayNotSee()
    {
        foreach (var symbol in new[] { "A", "B" })
        {
            await node.TickAsync(symbol, "14:30:00", "99", 1);
            await node.TickAsync(symbol, "14:31:00", "101", 2);
            await node.TickAsync(symbol, "14:32:00", "101", 3);
        }

        while (node.Node.Hosted.LastSignal < 2) await Task.Yield();

        Assert.Equal(["A"], Names(await node.JsonAsync("GET", "/symbols", "desk-s3cr3t"), "symbols"));
        Assert.Equal(["A"], Names(await node.JsonAsync("GET", "/signals", "desk-s3cr3t"), "signals"));
        Assert.Equal(["A", "B"], Names(await node.JsonAsync("GET", "/signals", "watch-s3cr3t"), "signals").Order());
        Assert.Equal("A", (await node.JsonAsync("GET", "/symbols/A", "desk-s3cr3t")).GetProperty("symbol").GetString());
    }

    [Fact]
    public async Task Records_AreTakenOrRefusedOneByOne()
    {
        var result = await node.JsonAsync("POST", "/ingest?source=eq-1", "feeder-s3cr3t", HttpStatusCode.OK,
            """
            {"symbol":"A","ts":"2024-07-09T14:30:00Z","price":1,"size":1,"seq":1}
            {"symbol":"C","ts":"2024-07-09T14:30:00Z","price":1,"size":1,"seq":2}
            {"symbol":"B","ts":"2024-07-09T14:30:00Z","price":1,"size":1,"seq":3,"source":"fx-1"}
            """);

        Assert.Equal((1, 2), (result.GetProperty("applied").GetInt32(), result.GetProperty("rejected").GetInt32()));
        Assert.Equal(
            ["not_allowed", "bad_source"],
            result.GetProperty("rejections").EnumerateArray().Select(one => one.GetProperty("reason").GetString()));
        Assert.Null(await node.Node.Engine.StateAsync(Domain.Values.Symbol.Parse("C")));
    }

    [Fact]
    public async Task NewRules_HoldForTheNextRequest()
    {
        await node.JsonAsync("GET", "/ledger", "watch-s3cr3t");

        node.Change(GuardedNode.Rules.Replace("watch-s3cr3t", "other-s3cr3t", StringComparison.Ordinal));

        Assert.Equal("bad_token", await node.ErrorAsync("GET", "/ledger", "watch-s3cr3t", HttpStatusCode.Unauthorized));
        await node.JsonAsync("GET", "/ledger", "other-s3cr3t");
    }

    [Fact]
    public async Task AnonymousRules_GiveWhatTheyGive_AndAWrongTokenNothing()
    {
        node.Change("""{"anonymous":{"read":["A"]}}""");

        await node.JsonAsync("GET", "/symbols", null);
        Assert.Equal("token_required", await node.ErrorAsync("GET", "/symbols/B", null, HttpStatusCode.Unauthorized));
        Assert.Equal("bad_token", await node.ErrorAsync("GET", "/symbols", "guessed", HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Secrets_AreInNoAnswerAndNoLogLine()
    {
        var said = new List<string>();
        foreach (var token in new[] { "feeder-s3cr3t", "ops-s3cr3t", "nearly-s3cr3t", "s3cr3t with blanks" })
        {
            foreach (var (method, path) in new[]
            {
                ("GET", "/symbols"), ("GET", "/ledger"), ("GET", "/plan"), ("GET", "/connections"), ("PUT", "/subscriptions/A"),
                ("POST", "/ingest"), ("GET", "/nowhere"), ("GET", "/metrics"),
            })
            {
                using var answer = await node.AskAsync(method, path, token, method == "POST" ? "[" : null);
                said.Add($"{answer.Headers} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        // A line that is no hello, because its first name is another one, would be kept in the quarantine.
        await node.RefusedAsync("""{"token":"stray-s3cr3t","hello":"eq-1"}""");

        node.Change(GuardedNode.Rules + " ");
        // Not JSON.
        File.WriteAllText(node.Node.Options.Access!, GuardedNode.Rules.Replace("\"desk-s3cr3t\"", "desk-s3cr3t", StringComparison.Ordinal));
        Assert.False(node.Node.Security.Rules!.Reload());

        Assert.Contains(node.Log, line => line.Contains("previous rules", StringComparison.Ordinal));
        Assert.Contains(
            node.Log, line => line.Contains("feeder", StringComparison.Ordinal) && line.Contains("not_allowed", StringComparison.Ordinal));
        Assert.DoesNotContain(said.Concat(node.Log), text => text.Contains(GuardedNode.Secret, StringComparison.Ordinal));
        var kept = 0;
        foreach (var file in Directory.EnumerateFiles(node.Node.Options.Data, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".ndjson"))
        {
            var text = await ReadSharedAsync(file);
            kept += text.Split("withheld").Length - 1;
            Assert.DoesNotContain(GuardedNode.Secret, text, StringComparison.Ordinal);
        }

        Assert.Equal(1, kept);
    }

    private static async Task<string> ReadSharedAsync(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync();
    }

    private static IEnumerable<string?> Names(System.Text.Json.JsonElement answer, string list) =>
        answer.GetProperty(list).EnumerateArray().Select(one => one.GetProperty("symbol").GetString());
}
