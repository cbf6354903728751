using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit.Ingest;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Tests.Security;

/// <summary>A node with access rules, whose log is recorded. Tokens are named by their beginnings, see <see cref="Tokens"/>.</summary>
internal sealed class GuardedNode : IAsyncDisposable
{
    /// <summary>Rules whose secrets all contain <see cref="Secret"/>.</summary>
    public const string Rules =
        """
        {"tokens":[
          {"name":"feeder","token":"feeder-s3cr3t","sources":["eq-*"],"symbols":["A","B"]},
          {"name":"desk","token":"desk-s3cr3t","read":["A"]},
          {"name":"watch","token":"watch-s3cr3t","read":["*"]},
          {"name":"ops","token":"ops-s3cr3t","read":["*"],"admin":true}]}
        """;

    public const string Secret = "s3cr3t";

    private readonly Lines lines = new();
    private string rules = "";

    private RunningNode running = null!;

    public Node Node => running.Node;

    public RunningNode Running => running;

    public IReadOnlyCollection<string> Log => lines.Written;

    public static async Task<GuardedNode> StartAsync(
        string content = Rules, string? plan = null, Func<NodeOptions, NodeOptions>? change = null)
    {
        var guarded = new GuardedNode();
        guarded.running = await RunningNode.StartAsync(plan, options =>
        {
            guarded.rules = Path.Combine(Path.GetDirectoryName(options.Data)!, "rules.json");
            File.WriteAllText(guarded.rules, Tokens.Lengthen(content));
            options = options with { Access = guarded.rules };
            return change?.Invoke(options) ?? options;
        }, guarded.lines);
        return guarded;
    }

    /// <summary>Applies other rules.</summary>
    public void Change(string content)
    {
        File.WriteAllText(rules, Tokens.Lengthen(content));
        Assert.True(Node.Security.Rules!.Reload());
    }

    /// <summary>The response to a request; null sends no token.</summary>
    public async Task<HttpResponseMessage> AskAsync(string method, string path, string? token, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Long(token));
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        return await running.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The JSON of a response that must have that status.</summary>
    public async Task<JsonElement> JsonAsync(
        string method, string path, string? token, HttpStatusCode status = HttpStatusCode.OK, string? body = null)
    {
        using var answer = await AskAsync(method, path, token, body);
        return await RunningNode.ReadAsync(answer, status);
    }

    /// <summary>The code of a rejection that must have that status.</summary>
    public async Task<string?> ErrorAsync(string method, string path, string? token, HttpStatusCode status, string? body = null) =>
        (await JsonAsync(method, path, token, status, body)).GetProperty("code").GetString();

    /// <summary>A record of source <c>eq-1</c>, sent by the feeder and applied.</summary>
    public async Task TickAsync(string symbol, string time, string price, int seq)
    {
        var result = await JsonAsync(
            "POST", "/ingest?source=eq-1", "feeder-s3cr3t", HttpStatusCode.OK,
            $$"""{"symbol":"{{symbol}}","ts":"2024-07-09T{{time}}Z","price":{{price}},"size":1,"seq":{{seq}}}""");
        Assert.Equal(1, result.GetProperty("applied").GetInt32());
    }

    /// <summary>Sends a record of the feeder that is rejected, and returns when it is in the quarantine.</summary>
    public Task RefusedAsync(string body) =>
        JsonAsync("POST", "/ingest?source=eq-1", "feeder-s3cr3t", HttpStatusCode.UnprocessableEntity, body);

    public ValueTask DisposeAsync() => running.DisposeAsync();

    private sealed class Lines : ILogger
    {
        private readonly ConcurrentQueue<string> written = new();

        public IReadOnlyCollection<string> Written => [.. written];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            written.Enqueue($"{eventId.Id} {logLevel} {formatter(state, exception)} {exception}");
    }
}
