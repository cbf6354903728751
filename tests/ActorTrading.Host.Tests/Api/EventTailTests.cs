using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTrading.Host.Api;

namespace ActorTrading.Host.Tests.Api;

/// <summary>A subscriber that outlives the connections of its node.</summary>
public sealed class EventTailTests : IDisposable
{
    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
    private readonly NodeApi api;

    public EventTailTests()
    {
        server.Start();
        api = new NodeApi(new Uri($"http://{server.LocalEndpoint}"), "sesame");
    }

    public void Dispose()
    {
        api.Dispose();
        server.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task ConnectionThatBreaks_IsMadeAnew_BehindTheLastSignal()
    {
        var requests = new List<string>();
        var serving = Task.Run(async () =>
        {
            requests.Add(await ServeAsync("event: signal\nid: 7\ndata: {\"n\":7}\n\n: still here\n\nevent: signal\nid: 8\ndata: "
                + "{\"n\":8}\n\nevent: signal\nid: 9\ndata: {\"n\":"));
            requests.Add(await ServeAsync("event: signal\r\nid: 9\r\ndata: {\"n\":9}\r\n\r\n"));
        });
        var breaks = new List<string>();
        var tail = new EventTail(api, "topics=signals&from=6", breaks.Add);
        var events = new List<TailEvent>();
        await foreach (var happened in tail.ReadAsync(patience.Token))
        {
            events.Add(happened);
            if (events.Count == 3) break;
        }

        await serving;
        Assert.Equal(
            [new TailEvent("signal", "{\"n\":7}", "7"), new TailEvent("signal", "{\"n\":8}", "8"),
                new TailEvent("signal", "{\"n\":9}", "9")],
            events);
        Assert.StartsWith("GET /events?topics=signals&from=6 ", requests[0], StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer sesame", requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Last-Event-ID", requests[0], StringComparison.Ordinal);
        Assert.Contains("Last-Event-ID: 8", requests[1], StringComparison.Ordinal);
        Assert.Single(breaks);
    }

    [Fact]
    public async Task ConnectionThatBreaksBeforeTheFirstSignal_IsMadeAnewWhereSignalsBegan()
    {
        var requests = new List<string>();
        var serving = Task.Run(async () =>
        {
            requests.Add(await ServeAsync("event: subscribed\ndata: {\"topics\":[\"signals\"],\"last\":20}\n\n"));
            requests.Add(await ServeAsync(
                "event: subscribed\ndata: {\"topics\":[\"signals\"],\"from\":20,\"last\":21}\n\nevent: signal\nid: 21\ndata: {}\n\n"));
        });

        Assert.Equal(new TailEvent("signal", "{}", "21"), await FirstAsync());
        await serving;
        Assert.DoesNotContain("Last-Event-ID", requests[0], StringComparison.Ordinal);
        Assert.Contains("Last-Event-ID: 20", requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoNode_IsSaidAtOnce()
    {
        server.Stop();
        var exception = await Assert.ThrowsAsync<CommandException>(async () => await FirstAsync());

        Assert.Equal(ExitCode.NoNode, exception.ExitCode);
    }

    [Fact]
    public async Task Refusal_IsSaidInTheWordsOfTheNode()
    {
        const string body = """{"code":"bad_parameter","detail":"topics: 'news' is none."}""";
        var serving = ServeAsync(body, "400 Bad Request", "application/problem+json");
        var exception = await Assert.ThrowsAsync<CommandException>(async () => await FirstAsync());

        await serving;
        Assert.Equal((ExitCode.BadInput, "bad_parameter: topics: 'news' is none."), (exception.ExitCode, exception.Message));
    }

    [Fact]
    public async Task MissingToken_IsSaidWithWhereItIsTakenFrom()
    {
        var serving = ServeAsync(
            """{"code":"unauthorized","detail":"A token is needed."}""", "401 Unauthorized", "application/problem+json");
        var exception = await Assert.ThrowsAsync<CommandException>(() => api.GetAsync("ledger", patience.Token));

        await serving;
        Assert.Equal(ExitCode.NoNode, exception.ExitCode);
        Assert.Contains("ACTORTRADING_TOKEN", exception.Message, StringComparison.Ordinal);
    }

    private async Task<TailEvent> FirstAsync()
    {
        await foreach (var happened in new EventTail(api, "topics=news", _ => { }).ReadAsync(patience.Token)) return happened;
        throw new InvalidOperationException("It ended.");
    }

    /// <summary>Answers one request and closes the connection; returns the request.</summary>
    private async Task<string> ServeAsync(string body, string status = "200 OK", string type = "text/event-stream")
    {
        using var client = await server.AcceptTcpClientAsync(patience.Token);
        var stream = client.GetStream();
        var reader = new StreamReader(stream, Encoding.ASCII);
        var request = new StringBuilder();
        while (await reader.ReadLineAsync(patience.Token) is { Length: > 0 } line) request.AppendLine(line);
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n{body}"), patience.Token);
        return request.ToString();
    }
}
