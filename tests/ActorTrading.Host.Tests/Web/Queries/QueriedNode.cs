using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Web.Queries;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web.Queries;

/// <summary>A node whose journal is watched while the past of the symbol <c>SLOW</c> is read.</summary>
internal sealed class QueriedNode : IAsyncDisposable
{
    public const string Plan =
        """
        { "frames": ["1min", "tick"], "indicators": ["ema(10)"], "rules": [{ "name": "up", "rule": "buy when close > 100 on 1min" }] }
        """;

    private readonly TemporaryFolder folder;

    private QueriedNode(TemporaryFolder folder) => this.folder = folder;

    public Node Node { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public WatchedJournal Journal { get; private set; } = null!;

    public QueryPool Pool => Node.Queries;

    public static async Task<QueriedNode> StartAsync(bool isCluster, QueryOptions queries, string? rules = null, int snapshotEvery = 0)
    {
        var started = new QueriedNode(new TemporaryFolder());
        var options = RunningNode.Options(started.folder.Path);
        options = options with
        {
            Plan = started.folder.File("plan.json"),
            Kind = isCluster ? EngineKind.Cluster : EngineKind.Embedded,
            Cluster = options.Cluster with { Port = 0, Shards = 10, SnapshotEvery = snapshotEvery },
            Engine = options.Engine with { SnapshotEvery = snapshotEvery },
            Queries = queries,
        };
        await File.WriteAllTextAsync(options.Plan, Plan);
        if (rules is not null)
        {
            options = options with { Access = started.folder.File("rules.json") };
            await File.WriteAllTextAsync(options.Access, rules);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(options.Access, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        started.Node = await Node.StartAsync(
            options, open: opened => started.Journal = new WatchedJournal(JournalStore.Open(opened.JournalAddress), Symbol.Parse("SLOW")));
        started.Client = new HttpClient { BaseAddress = started.Node.Http[0] };
        return started;
    }

    /// <summary>Prices of a symbol ten seconds apart, each in its own event.</summary>
    public async Task SendAsync(string symbol, int count, string? token = null)
    {
        for (var i = 0; i < count; i++)
        {
            var time = new DateTime(2024, 7, 9, 14, 30, 0, DateTimeKind.Utc).AddSeconds(10 * i);
            using var answer = await AskAsync(
                HttpMethod.Post, "/ingest", token, $$"""{"symbol":"{{symbol}}","ts":"{{time:O}}","price":{{99 + (i % 5)}},"size":1}""");
            Assert.Equal(1, (await RunningNode.ReadAsync(answer, HttpStatusCode.OK)).GetProperty("applied").GetInt32());
        }
    }

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellation = default, string? token = null) =>
        AskAsync(HttpMethod.Get, path, token, null, cancellation);

    /// <summary>The response of a path, which must have that status.</summary>
    public async Task<JsonElement> JsonAsync(string path, HttpStatusCode status = HttpStatusCode.OK, string? token = null)
    {
        using var answer = await GetAsync(path, token: token);
        return await RunningNode.ReadAsync(answer, status);
    }

    public async Task<string> MetricsAsync()
    {
        using var answer = await GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Journal.IsEndless = false;
        Journal.Open();
        Client.Dispose();
        await Node.DisposeAsync();
        folder.Dispose();
    }

    private async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, string? token, string? body, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        return await Client.SendAsync(request, cancellation);
    }
}
