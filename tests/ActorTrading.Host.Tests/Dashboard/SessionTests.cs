using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ActorTrading.Host.Dashboard;
using ActorTrading.Host.Tests.Security;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Dashboard;

/// <summary>A browser's session: who may open one, what it allows, and when it ends.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Proxy = "https://desk.example"; // encrypts for the node, and may send it requests

    private readonly ManualTime time = new();
    private GuardedNode node = null!;
    private HttpClient client = null!;

    private string Origin => node.Node.Http[0].ToString().TrimEnd('/');

    public async Task InitializeAsync()
    {
        node = await GuardedNode.StartAsync(change: options => options with
        {
            Web = options.Web with { Time = time, Origins = [Proxy] },
        });
        client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = node.Node.Http[0] };
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Login_OpensASession_ThatMayDoWhatTheTokenMay()
    {
        using var opened = await AskAsync("POST", "/session", body: """{"token":"watch-s3cr3t-0123456789abcdef"}""");
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        var cookie = opened.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith($"actortrading-{node.Node.Http[0].Port}=", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase); // this connection is not encrypted
        var shown = cookie.Split(';')[0];

        var session = await JsonAsync("GET", "/session", shown);
        Assert.Equal("watch", session.GetProperty("name").GetString());
        Assert.True(session.GetProperty("rules").GetBoolean());
        Assert.True(session.GetProperty("session").GetBoolean());
        var rights = session.GetProperty("rights");
        Assert.Equal((true, true, false, false), (Right("read_some"), Right("read_all"), Right("send"), Right("admin")));
        await JsonAsync("GET", "/ledger", shown);
        Assert.Equal("not_allowed", await ErrorAsync("PUT", "/plan", shown, HttpStatusCode.Forbidden, "{}"));

        bool Right(string name) => rights.GetProperty(name).GetBoolean();
    }

    [Fact]
    public async Task WithoutASession_NobodyIsLoggedIn_AndThePageOpensAllTheSame()
    {
        var session = await JsonAsync("GET", "/session", null);
        Assert.Equal(JsonValueKind.Null, session.GetProperty("name").ValueKind);
        Assert.False(session.GetProperty("rights").GetProperty("read_some").GetBoolean());
        Assert.Equal("token_required", await ErrorAsync("GET", "/symbols", null, HttpStatusCode.Unauthorized));
        using var page = await AskAsync("GET", "/", accept: "text/html");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("""{"token":"guessed"}""", HttpStatusCode.Unauthorized, "bad_token")]
    [InlineData("""{"token":""}""", HttpStatusCode.Unauthorized, "bad_token")]
    [InlineData("""{"token":7}""", HttpStatusCode.BadRequest, "bad_format")]
    [InlineData("""{"token":"\ud800"}""", HttpStatusCode.BadRequest, "bad_format")]
    [InlineData("[", HttpStatusCode.BadRequest, "bad_format")]
    [InlineData("", HttpStatusCode.BadRequest, "bad_format")]
    public async Task WrongToken_OpensNothing(string body, HttpStatusCode status, string code)
    {
        using var answer = await AskAsync("POST", "/session", body: body);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(code, await CodeAsync(answer, status));
        if (status == HttpStatusCode.Unauthorized) Assert.Contains(node.Log, line => line.StartsWith("202 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LongBody_IsNoToken()
    {
        var body = $$"""{"token":"{{new string('x', 100_000)}}"}""";
        Assert.Equal("bad_format", await ErrorAsync("POST", "/session", null, HttpStatusCode.BadRequest, body));
    }

    [Theory]
    [InlineData("cross-site", null)]
    [InlineData("same-site", null)] // a page on another port of the same machine
    [InlineData("cross-site", "own")]
    public async Task CookieThatAForeignPageSends_CountsForNothing(string site, string? origin)
    {
        var cookie = await LoginAsync("ops");
        foreach (var (method, path) in new[] { ("GET", "/ledger"), ("PUT", "/subscriptions/A") })
        {
            using var answer = await SendAsync(method, path, cookie, origin: origin is null ? null : Origin, site: site);
            Assert.Equal("token_required", await CodeAsync(answer, HttpStatusCode.Unauthorized));
        }

        using var login = await SendAsync(
            "POST", "/session", null, origin is null ? null : Origin, site, """{"token":"ops-s3cr3t-0123456789abcdef"}""");
        Assert.Equal(HttpStatusCode.Forbidden, login.StatusCode);
    }

    [Fact]
    public async Task PageBehindAProxyThatEncrypts_HasACookieThatIsSentEncryptedOnly()
    {
        const string Login = """{"token":"ops-s3cr3t-0123456789abcdef"}""";
        using var opened = await SendAsync("POST", "/session", null, Proxy, "same-origin", Login);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Contains("; secure", opened.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        using var other = await SendAsync("POST", "/session", null, Proxy, "cross-site", Login); // an allowed origin, but another page
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task BrowserThatSaysNothingOfTheSite_MayReadOnly_UnlessItSaysItsOrigin()
    {
        var cookie = await LoginAsync("ops");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/ledger", origin: null, site: null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/ledger", origin: null, site: "none")); // typed into the address bar
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("PUT", "/subscriptions/A", origin: null, site: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("PUT", "/subscriptions/A", origin: null, site: "none"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("PUT", "/subscriptions/A", origin: Origin, site: null));

        async Task<HttpStatusCode> StatusAsync(string method, string path, string? origin, string? site)
        {
            using var answer = await SendAsync(method, path, cookie, origin, site);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task TokenThatIsShown_CountsAlone_EvenBesideASession()
    {
        var cookie = await LoginAsync("ops");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ledger");
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Authorization", "Bearer guessed");
        using var answer = await client.SendAsync(request);
        Assert.Equal("bad_token", await CodeAsync(answer, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Logout_EndsTheSession_AndItsStreams()
    {
        var cookie = await LoginAsync("watch");
        using var socket = await ConnectAsync(cookie, Origin);
        Assert.Contains("subscribed", await ReceiveAsync(socket), StringComparison.Ordinal);

        using (var ended = await AskAsync("DELETE", "/session", cookie))
        {
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
            Assert.Contains("expires=Thu, 01 Jan 1970", ended.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        }

        Assert.Equal("session_ended", await ErrorAsync("GET", "/ledger", cookie, HttpStatusCode.Unauthorized));
        time.Advance(node.Node.Options.Web.Heartbeat);
        await UntilClosedAsync(socket);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
    }

    [Fact]
    public async Task Socket_OfAForeignPage_IsRefused()
    {
        var cookie = await LoginAsync("watch");
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(cookie, "http://elsewhere.example"));
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(cookie, null));
    }

    [Fact]
    public async Task EventStream_TakesTheSession()
    {
        var cookie = await LoginAsync("watch");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events?topics=signals");
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task NewRules_HoldForOpenSessions()
    {
        var cookie = await LoginAsync("watch");
        const string All =
            """
            "token":"watch-s3cr3t","read":["*"]
            """;
        node.Change(GuardedNode.Rules.Replace(All, All.Replace('*', 'A'), StringComparison.Ordinal));
        Assert.Equal("not_allowed", await ErrorAsync("GET", "/ledger", cookie, HttpStatusCode.Forbidden));
        await JsonAsync("GET", "/symbols", cookie);

        node.Change(GuardedNode.Rules.Replace("watch-s3cr3t", "other-s3cr3t", StringComparison.Ordinal));
        Assert.Equal("session_ended", await ErrorAsync("GET", "/symbols", cookie, HttpStatusCode.Unauthorized));
        node.Change(GuardedNode.Rules);
        Assert.Equal("session_ended", await ErrorAsync("GET", "/symbols", cookie, HttpStatusCode.Unauthorized)); // permanently
    }

    [Fact]
    public async Task SessionThatNobodyUses_Ends()
    {
        var cookie = await LoginAsync("watch");
        time.Advance(Sessions.Idle);
        await JsonAsync("GET", "/ledger", cookie);
        time.Advance(Sessions.Idle);
        await JsonAsync("GET", "/ledger", cookie);
        time.Advance(Sessions.Idle + TimeSpan.FromSeconds(1));
        Assert.Equal("session_ended", await ErrorAsync("GET", "/ledger", cookie, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public void SessionThatIsUsed_EndsAfterItsLongestTime()
    {
        var sessions = new Sessions(time);
        var rules = node.Node.Security.Rules!;
        var (id, session) = sessions.Open(rules.Authenticate("watch-s3cr3t-0123456789abcdef"u8)!);
        for (var past = TimeSpan.Zero; past < Sessions.Longest; past += Sessions.Idle)
        {
            Assert.True(session.Use());
            time.Advance(Sessions.Idle);
        }

        Assert.Same(session, sessions.Find(id, rules));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(session.Use());
        Assert.Null(sessions.Find(id, rules));
        Assert.Equal(0, sessions.Count);
    }

    [Fact]
    public async Task SeventeenthSessionOfAName_EndsTheOneThatWasNotUsedForLongest()
    {
        var cookies = new List<string>();
        for (var i = 0; i < Sessions.MostOfOneName; i++)
        {
            cookies.Add(await LoginAsync("watch"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var other = await LoginAsync("ops");
        await JsonAsync("GET", "/ledger", cookies[0]);
        cookies.Add(await LoginAsync("watch"));
        Assert.Equal("session_ended", await ErrorAsync("GET", "/ledger", cookies[1], HttpStatusCode.Unauthorized));
        foreach (var cookie in cookies.Where((_, index) => index != 1).Append(other)) await JsonAsync("GET", "/ledger", cookie);
    }

    [Fact]
    public async Task SecondLogin_EndsTheSessionOfBefore()
    {
        var first = await LoginAsync("watch");
        using var again = await AskAsync("POST", "/session", first, """{"token":"ops-s3cr3t-0123456789abcdef"}""");
        Assert.Equal("ops", (await RunningNode.ReadAsync(again, HttpStatusCode.OK)).GetProperty("name").GetString());
        Assert.Equal("session_ended", await ErrorAsync("GET", "/ledger", first, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task EndedSession_HasWhatTheRulesGiveToAnybody()
    {
        node.Change("""{"anonymous":{"read":["A"]}}""");
        var session = await JsonAsync("GET", "/session", "actortrading-1=guessed");
        Assert.Equal(("anonymous", false), (session.GetProperty("name").GetString(), session.GetProperty("session").GetBoolean()));
        Assert.True(session.GetProperty("rights").GetProperty("read_some").GetBoolean());
        var guessed = $"actortrading-{node.Node.Http[0].Port}=guessed";
        await JsonAsync("GET", "/symbols", guessed);
        Assert.Equal("session_ended", await ErrorAsync("GET", "/ledger", guessed, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task NodeWithoutRules_HasNoSessions()
    {
        await using var open = await RunningNode.StartAsync();
        var session = await open.GetAsync("/session");
        Assert.False(session.GetProperty("rules").GetBoolean());
        Assert.True(session.GetProperty("rights").GetProperty("admin").GetBoolean());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/session") { Content = new StringContent("""{"token":"any"}""") };
        request.Headers.Add("Origin", open.Node.Http[0].ToString().TrimEnd('/'));
        using var answer = await open.Client.SendAsync(request);
        Assert.Equal("no_rules", await CodeAsync(answer, HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Secrets_AreInNoLogLine()
    {
        var cookie = await LoginAsync("watch");
        using (await AskAsync("POST", "/session", body: """{"token":"nearly-s3cr3t-0123456789abcdef"}""")) Assert.NotEmpty(node.Log);
        string[] secrets = [GuardedNode.Secret, cookie.Split('=')[1]];
        Assert.DoesNotContain(node.Log, line => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    private async Task<string> LoginAsync(string name)
    {
        using var opened = await AskAsync("POST", "/session", body: $$"""{"token":"{{name}}-s3cr3t-0123456789abcdef"}""");
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        return opened.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private Task<HttpResponseMessage> AskAsync(
        string method, string path, string? cookie = null, string? body = null, string accept = "*/*") =>
        SendAsync(method, path, cookie, Origin, "same-origin", body, accept);

    /// <summary>Sends a request like a browser; null leaves a header out.</summary>
    private Task<HttpResponseMessage> SendAsync(
        string method, string path, string? cookie, string? origin, string? site, string? body = null, string accept = "*/*")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Accept", accept);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request);
    }

    private async Task<JsonElement> JsonAsync(string method, string path, string? cookie)
    {
        using var answer = await AskAsync(method, path, cookie);
        return await RunningNode.ReadAsync(answer, HttpStatusCode.OK);
    }

    private async Task<string?> ErrorAsync(string method, string path, string? cookie, HttpStatusCode status, string? body = null)
    {
        using var answer = await AskAsync(method, path, cookie, body);
        return await CodeAsync(answer, status);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer, HttpStatusCode status) =>
        (await RunningNode.ReadAsync(answer, status)).GetProperty("code").GetString();

    private async Task<ClientWebSocket> ConnectAsync(string cookie, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        var address = new UriBuilder(node.Node.Http[0]) { Scheme = "ws", Path = "/ws", Query = "topics=signals" }.Uri;
        await socket.ConnectAsync(address, CancellationToken.None);
        return socket;
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[8192];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task UntilClosedAsync(ClientWebSocket socket)
    {
        while (socket.State == WebSocketState.Open) await ReceiveAsync(socket);
    }
}
