using System.Net;
using System.Text.Json;
using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests.Web;
using ActorTrading.Host.Web.Access;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Tests.Security;

/// <summary>
/// The audit log of a node: every change and every denied access has a line with the caller, its address, and the outcome.
/// </summary>
public sealed class AuditTests
{
    private const string OtherPlan = """{ "frames": ["1min"], "indicators": ["sma(2)"] }""";

    [Fact]
    public async Task EveryRouteThatChangesTheNode_SaysWhatTheAuditLogCallsIt()
    {
        await using var node = await GuardedNode.StartAsync();
        var changing = node.Node.Routes
            .Where(route => route.Metadata.OfType<Need>().Last() == Need.Admin && !Methods(route).Contains("GET")).ToList();
        Assert.True(changing.Count >= 6);
        Assert.All(changing, route => Assert.NotNull(route.Metadata.GetMetadata<RequestAudit.Action>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_NamesWhoMadeIt_AndWhatItChanged(bool isInCluster)
    {
        await using var node = await GuardedNode.StartAsync(change: Engine(isInCluster));
        await node.TickAsync("A", "14:30:00", "99", 1);
        var before = node.Node.Plan.Hash.ToString();
        await node.JsonAsync("PUT", "/subscriptions/A", "ops-s3cr3t");
        await node.JsonAsync("DELETE", "/subscriptions/A", "ops-s3cr3t");
        await node.JsonAsync("DELETE", "/subscriptions", "ops-s3cr3t");
        await node.JsonAsync("PUT", "/plan", "ops-s3cr3t", body: OtherPlan);
        await node.JsonAsync("POST", "/symbols/A/exclusions", "ops-s3cr3t", body: """{"id":"eq-1:1"}""");
        var number = (await node.JsonAsync("GET", "/symbols/A/exclusions", "ops-s3cr3t")).GetProperty("exclusions")[0]
            .GetProperty("number").GetInt64();
        await node.JsonAsync("DELETE", $"/symbols/A/exclusions/{number}", "ops-s3cr3t");
        Assert.Equal(
            "unknown_exclusion", await node.ErrorAsync("DELETE", "/symbols/A/exclusions/77", "ops-s3cr3t", HttpStatusCode.NotFound));

        var lines = Lines(node).Where(line => line.TryGetProperty("change", out _)).ToList();
        Assert.All(lines, line => Assert.Equal(("ops", "http"), (Text(line, "caller"), Text(line, "door"))));
        Assert.All(lines, line => Assert.StartsWith("127.0.0.1:", Text(line, "peer"), StringComparison.Ordinal));
        Assert.Equal(
            [
                "subscriptions.put A done", "subscriptions.delete A done", "subscriptions.delete * done", $"plan.put {Hash()} done",
                "exclusions.add A done", "exclusions.remove A done", "exclusions.remove A failed",
            ],
            lines.Where(line => Text(line, "outcome") != "begun")
                .Select(line => $"{Text(line, "action")} {Text(line, "target")} {Text(line, "outcome")}"));
        Assert.All(
            lines.GroupBy(line => line.GetProperty("change").GetInt64()), change => Assert.Equal("begun", Text(change.First(), "outcome")));
        Assert.Equal("unknown_exclusion", Text(lines[^1], "reason"));
        var plan = lines.Single(line => Text(line, "action") == "plan.put" && Text(line, "outcome") == "done").GetProperty("details");
        Assert.Equal(before, Text(plan, "before"));
        Assert.Equal(Hash(), Text(plan, "after"));

        string Hash() =>
            Domain.Plans.Plan.TryParse(System.Text.Encoding.UTF8.GetBytes(OtherPlan), Calendars.VenueCalendars.Source, out var plan, out _)
                ? plan.Hash.ToString()
                : "";
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeThatCannotWriteItsAuditLog_ChangesNothing_SaysSo_AndGoesOnTakingRecords(bool isInCluster)
    {
        await using var node = await GuardedNode.StartAsync(change: options =>
        {
            Directory.CreateDirectory(options.Data);
            File.WriteAllText(Path.Combine(options.Data, "audit"), "in the way");
            return Engine(isInCluster)(options);
        });
        Assert.Equal(
            "audit_unavailable", await node.ErrorAsync("PUT", "/subscriptions/B", "ops-s3cr3t", HttpStatusCode.ServiceUnavailable));
        Assert.False((await node.Node.Engine.SubscriptionsAsync()).HasList);
        Assert.Equal(
            "audit_unavailable", await node.ErrorAsync("PUT", "/plan", "ops-s3cr3t", HttpStatusCode.ServiceUnavailable, OtherPlan));
        await node.TickAsync("A", "14:30:00", "99", 1);
        var ready = await node.JsonAsync("GET", "/health/ready", "ops-s3cr3t");
        Assert.Equal("degraded", Text(ready, "status"));
        Assert.Contains("audit log", ready.GetProperty("degraded")[0].GetString(), StringComparison.Ordinal);

        File.Delete(Path.Combine(node.Node.Options.Data, "audit"));
        await node.JsonAsync("PUT", "/subscriptions/A", "ops-s3cr3t");
        Assert.Equal(
            ["begun", "done"], Lines(node).Where(line => line.TryGetProperty("change", out _)).Select(line => Text(line, "outcome")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusedTcpConnection_HasALine_WithTheSourceThatItNamed(bool isInCluster)
    {
        await using var node = await GuardedNode.StartAsync(change: Engine(isInCluster));
        await SayAsync("""{"hello":"eq-1","token":"guessed-s3cr3t"}""", "not_allowed");
        await SayAsync("""{"hello":"fx-1","token":"feeder-s3cr3t"}""", "not_allowed");
        await SayAsync("""{"hello":"eq-1"}""", "not_allowed");
        var tcp = await LinesAsync(node, 3, line => Text(line, "door") == "tcp");
        Assert.Equal(
            ["anonymous eq-1", "feeder fx-1", "unknown eq-1"],
            tcp.Select(line => $"{Text(line, "caller")} {Text(line, "target")}").Order());
        Assert.All(tcp, line => Assert.Equal(
            ("access", "refused", "not_allowed"), (Text(line, "action"), Text(line, "outcome"), Text(line, "reason"))));
        Assert.All(tcp, line => Assert.StartsWith("127.0.0.1:", Text(line, "peer"), StringComparison.Ordinal));

        async Task SayAsync(string hello, string code)
        {
            using var client = await LineClient.ConnectAsync(node.Node.Ingest.Address);
            await client.SendAsync(Tokens.Lengthen(hello) + "\n");
            await client.LineWithAsync(code);
        }
    }

    [Theory]
    [InlineData("{\"symbol\":\"A\"}\n", "hello_required")]
    [InlineData("POST / HTTP/1.1\r\n\r\n{\"symbol\":\"A\"}\n", "wrong_protocol")]
    public async Task TcpConnectionWithoutAHello_HasALine(string said, string code)
    {
        await using var node = await GuardedNode.StartAsync();
        using var client = await LineClient.ConnectAsync(node.Node.Ingest.Address);
        await client.SendAsync(said);
        await client.LineWithAsync(code);
        client.Socket.Close();
        var line = Assert.Single(await LinesAsync(node, 1, line => Text(line, "door") == "tcp"));
        Assert.Equal(("anonymous", code), (Text(line, "caller"), Text(line, "reason")));
    }

    [Fact]
    public async Task RefusedRequests_HaveLines_WhereverTheyAreRefused()
    {
        await using var node = await GuardedNode.StartAsync();
        await node.ErrorAsync("GET", "/symbols", null, HttpStatusCode.Unauthorized);
        await node.ErrorAsync("GET", "/symbols", "guessed-s3cr3t", HttpStatusCode.Unauthorized);
        await node.ErrorAsync("PUT", "/plan", "watch-s3cr3t", HttpStatusCode.Forbidden, "{}"); // by the access gate
        await node.ErrorAsync("GET", "/events?topics=bars&symbols=B", "desk-s3cr3t", HttpStatusCode.Forbidden); // by the endpoint
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(
            () => Listener.ConnectAsync(node.Running, token: "feeder-s3cr3t"));
        var lines = await LinesAsync(node, 5, line => Text(line, "outcome") == "refused");
        Assert.Equal(
            [
                "anonymous http access GET /symbols token_required", "desk events access GET /events not_allowed",
                "feeder websocket access GET /ws not_allowed",
                "unknown http access GET /symbols bad_token", "watch http plan.put PUT /plan not_allowed",
            ],
            lines
                .Select(line => string.Join(' ', new[] { "caller", "door", "action", "target", "reason" }.Select(name => Text(line, name))))
                .Order());
        Assert.All(lines, line => Assert.StartsWith("127.0.0.1:", Text(line, "peer"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task SymbolThatAStreamMayNotSee_HasALine()
    {
        await using var node = await GuardedNode.StartAsync();
        using var desk = await Listener.ConnectAsync(node.Running, "?topics=ticks", token: "desk-s3cr3t");
        await desk.NextAsync("subscribed");
        await desk.SendAsync("""{"subscribe":{"topics":["bars"],"symbols":["B"]}}""");
        await desk.NextAsync("error");
        var line = Assert.Single(await LinesAsync(node, 1, line => Text(line, "outcome") == "refused"));
        Assert.Equal(("desk", "websocket", "not_allowed"), (Text(line, "caller"), Text(line, "door"), Text(line, "reason")));
    }

    [Fact]
    public async Task ForeignPagesAndNames_HaveLines()
    {
        await using var node = await GuardedNode.StartAsync();
        using (var page = new HttpRequestMessage(HttpMethod.Get, "/symbols"))
        {
            page.Headers.Add("Origin", "https://elsewhere.example");
            using var answer = await node.Running.Client.SendAsync(page);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using (var rebound = new HttpRequestMessage(HttpMethod.Get, "/symbols"))
        {
            rebound.Headers.Host = "rebound.example";
            using var answer = await node.Running.Client.SendAsync(rebound);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        }

        var lines = await LinesAsync(node, 2, line => Text(line, "outcome") == "refused", byCount: true);
        Assert.Equal("foreign_origin", Text(lines[0], "reason"));
        Assert.Equal("wrong_host", Text(lines[^1], "reason"));
    }

    [Fact]
    public async Task Sessions_HaveLines_AndWrongTokensOnes()
    {
        await using var node = await GuardedNode.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = true }) { BaseAddress = node.Node.Http[0] };
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Post, """{"token":"watch-s3cr3t"}"""));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Delete, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Post, """{"token":"guessed-s3cr3t"}"""));
        var lines = await LinesAsync(node, 3, line => Text(line, "action").StartsWith("session", StringComparison.Ordinal));
        Assert.Equal(
            ["watch session.login done", "watch session.logout done", "unknown session.login refused"],
            lines.Select(line => $"{Text(line, "caller")} {Text(line, "action")} {Text(line, "outcome")}"));

        async Task<HttpStatusCode> AskAsync(HttpMethod method, string? body)
        {
            using var request = new HttpRequestMessage(method, "/session");
            request.Headers.Add("Origin", node.Node.Http[0].ToString().TrimEnd('/'));
            if (body is not null) request.Content = new StringContent(Tokens.Lengthen(body));
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task NewRules_HaveALine_ThatNamesWhoseRightsChanged()
    {
        await using var node = await GuardedNode.StartAsync();
        node.Change(
            """
            {"tokens":[
              {"name":"desk","token":"desk-s3cr3t","read":["A","B"]},
              {"name":"watch","token":"watch-s3cr3t","read":["*"]},
              {"name":"ops","token":"ops-s3cr3t","read":["*"],"admin":true},
              {"name":"late","token":"late-s3cr3t","read":["A"]}]}
            """);
        File.WriteAllText(node.Node.Options.Access!, "{ broken");
        Assert.False(node.Node.Security.Rules!.Reload());
        var lines = await LinesAsync(node, 2, line => Text(line, "action") == "rules.reload");
        Assert.Equal(("node", "local", "done"), (Text(lines[0], "caller"), Text(lines[0], "door"), Text(lines[0], "outcome")));
        Assert.Equal("""{"added":"late","removed":"feeder","changed":"desk"}""", lines[0].GetProperty("details").GetRawText());
        Assert.Equal(("failed", "bad_rules"), (Text(lines[1], "outcome"), Text(lines[1], "reason")));
    }

    [Fact]
    public async Task StartAndStop_HaveLines_AndNoLineHoldsASecret()
    {
        var data = "";
        var kept = new TemporaryFolder();
        try
        {
            await using (var node = await GuardedNode.StartAsync(
                change: options => options with { Data = data = kept.File("data") }))
            {
                await node.ErrorAsync("GET", "/symbols?token=query-s3cr3t", "guessed-s3cr3t", HttpStatusCode.Unauthorized);
                await node.JsonAsync("PUT", "/subscriptions/A", "ops-s3cr3t");
                await node.Node.StopAsync();
            }

            var lines = Lines(Path.Combine(data, "audit"));
            Assert.Equal("node.start", Text(lines[0], "action"));
            Assert.Equal("node.stop", Text(lines[^1], "action"));
            Assert.DoesNotContain(lines, line => line.GetRawText().Contains(GuardedNode.Secret, StringComparison.Ordinal));
            Assert.Contains(lines, line => Text(line, "outcome") == "refused");
        }
        finally
        {
            kept.Dispose();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PlanThatAStartPutsInForce_HasALine(bool isInCluster)
    {
        await using var node = await RunningNode.StartAsync(SymbolEndpointTests.Plan, Engine(isInCluster));
        var before = node.Node.Plan.Hash.ToString();
        await File.WriteAllTextAsync(node.Node.Options.Plan!, OtherPlan);
        await node.RestartAsync();
        await node.RestartAsync();
        await node.Node.DisposeAsync();
        var line = Assert.Single(Lines(node.Node.Audit.Folder), line => Text(line, "action") == "plan.put");
        Assert.Equal(("node", "local", "done"), (Text(line, "caller"), Text(line, "door"), Text(line, "outcome")));
        Assert.Equal(
            (before, node.Node.Plan.Hash.ToString()),
            (Text(line.GetProperty("details"), "before"), Text(line.GetProperty("details"), "after")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LastLines_AreShownNewestFirst_ToThoseWhoMaySeeEverythingAndChangeTheNode(bool isInCluster)
    {
        await using var node = await GuardedNode.StartAsync(
            GuardedNode.Rules.Replace("\"read\":[\"A\"]", "\"read\":[\"A\"],\"admin\":true", StringComparison.Ordinal),
            change: Engine(isInCluster));
        foreach (var symbol in new[] { "A", "B", "C" }) await node.JsonAsync("PUT", $"/subscriptions/{symbol}", "ops-s3cr3t");
        Assert.Equal("not_allowed", await node.ErrorAsync("GET", "/audit", "watch-s3cr3t", HttpStatusCode.Forbidden));
        Assert.Equal("not_allowed", await node.ErrorAsync("GET", "/audit", "desk-s3cr3t", HttpStatusCode.Forbidden));
        await Until.True(() => Lines(node).Count(line => Text(line, "outcome") == "refused") == 2, "the refusals are written");
        var answer = await node.JsonAsync("GET", "/audit?limit=5", "ops-s3cr3t");
        var shown = answer.GetProperty("audit").EnumerateArray().Select(line => line.GetRawText()).ToList();
        Assert.Equal(Lines(node).AsEnumerable().Reverse().Take(5).Select(line => line.GetRawText()), shown);
        Assert.Equal("C done", $"{Text(answer.GetProperty("audit")[2], "target")} {Text(answer.GetProperty("audit")[2], "outcome")}");
    }

    private static Func<NodeOptions, NodeOptions> Engine(bool isInCluster) => options => options with
    {
        Kind = isInCluster ? EngineKind.Cluster : EngineKind.Embedded, Cluster = options.Cluster with { Port = 0, Shards = 10 },
    };

    private static IReadOnlyList<string> Methods(RouteEndpoint route) => route.Metadata.OfType<HttpMethodMetadata>().Single().HttpMethods;

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    /// <summary>The lines of a kind, as soon as there are that many, or lines that represent that many.</summary>
    private static async Task<List<JsonElement>> LinesAsync(
        GuardedNode node, int count, Func<JsonElement, bool> isWanted, bool byCount = false)
    {
        await Until.True(() => Counted() >= count, "the lines are written");
        Assert.Equal(count, Counted());
        return Wanted();

        List<JsonElement> Wanted() => [.. Lines(node).Where(isWanted)];

        long Counted() =>
            byCount ? Wanted().Sum(line => line.TryGetProperty("count", out var stands) ? stands.GetInt64() : 1) : Wanted().Count;
    }

    internal static List<JsonElement> Lines(GuardedNode node) => Lines(node.Node.Audit.Folder);

    private static List<JsonElement> Lines(string folder)
    {
        var lines = new List<JsonElement>();
        foreach (var file in Directory.GetFiles(folder, AccessAudit.FilePrefix + "-*.ndjson").Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            lines.AddRange(reader.ReadToEnd().Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement));
        }

        return lines;
    }
}
