using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>
/// An exchange on a loopback port that plays a recorded session: a WebSocket, and the REST endpoints as documented by the exchange. It
/// sends pings, and disconnects a client that does not answer.
/// </summary>
internal sealed class ReplayServer : IAsyncDisposable
{
    private readonly RecordedSession session;
    private readonly WebApplication application;
    private readonly ConcurrentDictionary<string, int> asked = new();
    private int connections;
    private int steps;
    private int open;
    private int mostOpen;

    private ReplayServer(RecordedSession session)
    {
        this.session = session;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.UseWebSockets(
            new WebSocketOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(200), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        application.Run(AnswerAsync);
    }

    /// <summary>The number of records that the client has delivered, for steps that wait.</summary>
    public Func<long> Handled { get; set; } = static () => 0;

    /// <summary>Messages of the clients that no step waited for, in order.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

    /// <summary>Requests to the REST endpoints.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Deviations from the session.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Responses of requests defined by a test; null for those of the session.</summary>
    public Func<HttpContext, string?>? Answer { get; set; }

    /// <summary>Number of connections so far.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Number of steps executed.</summary>
    public int Steps => Volatile.Read(ref steps);

    /// <summary>Number of open connections.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>The largest number of connections open at the same time.</summary>
    public int MostOpen => Volatile.Read(ref mostOpen);

    /// <summary>Number of connections that have played all their steps.</summary>
    public ConcurrentQueue<WebSocket> Played { get; } = new();

    public Uri Url => new(
        Http.AbsoluteUri.Replace("http://", "ws://", StringComparison.Ordinal)
        + (session.Options.Symbols.Any(symbol => symbol.Contains('/')) ? "crypto" : "stream"));

    public Uri Http => new(application.Urls.Single());

    public static async Task<ReplayServer> StartAsync(RecordedSession session)
    {
        var server = new ReplayServer(session);
        await server.application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await application.StopAsync(patience.Token);
        await application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var number = Interlocked.Increment(ref connections) - 1;
            lock (application) mostOpen = Math.Max(mostOpen, ++open);
            await PlayAsync(context, socket, number);
            lock (application) open--;
            return;
        }

        Requests.Enqueue(context.Request.Path + context.Request.QueryString);
        if ((Answer?.Invoke(context) ?? AnswerOf(context)) is { } answer) await context.Response.WriteAsync(answer, context.RequestAborted);
        else context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task PlayAsync(HttpContext context, WebSocket socket, int number)
    {
        var cancellation = context.RequestAborted;
        try
        {
            foreach (var step in session.Connections[Math.Min(number, session.Connections.Count - 1)])
            {
                switch (step.Kind)
                {
                    case StepKind.Send:
                        await socket.SendAsync(Encoding.UTF8.GetBytes(step.Text), WebSocketMessageType.Text, true, cancellation);
                        break;
                    case StepKind.Repeat:
                        for (; ; await Task.Delay(20, cancellation))
                            await socket.SendAsync(Encoding.UTF8.GetBytes(step.Text), WebSocketMessageType.Text, true, cancellation);
                    case StepKind.Expect:
                        var sent = await ReceiveAsync(socket, cancellation);
                        if (sent is null) return;
                        if (!JsonNode.DeepEquals(WithoutNumber(sent), WithoutNumber(step.Text)))
                            Faults.Enqueue($"{sent} instead of {step.Text}");
                        break;
                    case StepKind.Settle:
                        while (Handled() < long.Parse(step.Text, CultureInfo.InvariantCulture)) await Task.Delay(5, cancellation);
                        break;
                    case StepKind.Cut:
                        context.Abort();
                        return;
                    case StepKind.Close:
                        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "restarting", cancellation);
                        return;
                }

                Interlocked.Increment(ref steps);
            }

            Played.Enqueue(socket);
            while (await ReceiveAsync(socket, cancellation) is { } more) Sent.Enqueue(more);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The client has disconnected.
        }
    }

    private static async Task<string?> ReceiveAsync(WebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    /// <summary>Message numbers depend on the earlier messages, including pings.</summary>
    private static JsonNode? WithoutNumber(string text)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        json.Remove("id");
        json.Remove("req_id");
        return json;
    }

    private string? AnswerOf(HttpContext context)
    {
        var path = context.Request.Path.Value!.Trim('/');
        var query = context.Request.Query;
        var others = session.Answers[path].ToList();
        if (others.Count > 0) return others[Math.Min(asked.AddOrUpdate(path, 0, static (_, times) => times + 1), others.Count - 1)];
        return path switch
        {
            "api/v3/time" => "{\"serverTime\":1770000000000}",
            "time" => "{\"iso\":\"2026-02-02T02:40:00.000Z\",\"epoch\":1770000000.0}",
            "0/public/Time" => "{\"error\":[],\"result\":{\"unixtime\":1770000000,\"rfc1123\":\"Mon,  2 Feb 26 02:40:00 +0000\"}}",
            _ when !session.HasRows => null,
            "api/v3/historicalTrades" =>
                ArrayOf(Rows(query["symbol"]!).Where(row => Number(row, "id") >= Number(query["fromId"]!)), query["limit"]!),
            "api/v3/klines" =>
                ArrayOf(Rows(query["symbol"]!).Where(row => Number(row[0]!) >= Number(query["startTime"]!)), query["limit"]!),
            "v2/stocks/trades" or "v1beta3/crypto/crypto/trades" => Alpaca(context),
            "0/public/Trades" => Kraken(query["pair"]!, Number(query["since"]!)),
            _ when path.StartsWith("products/", StringComparison.Ordinal) => ArrayOf(
                Rows(path.Split('/')[1]).Where(row => Number(row, "trade_id") < Number(query["after"]!)).Reverse(), query["limit"]!),
            _ => null,
        };
    }

    /// <summary>Rows of that pair after a time in nanoseconds, and the time of the last one.</summary>
    private string Kraken(string pair, long since)
    {
        var symbol = session.Rows.Select(rows => rows.Key)
            .Single(name => name.Replace("/", "", StringComparison.Ordinal).Replace("BTC", "XBT", StringComparison.Ordinal) == pair);
        var rows = Rows(symbol).Where(row => Nanoseconds(row) > since).Take(3).ToList(); // short pages, so that there are several
        var last = rows.Count > 0 ? Nanoseconds(rows[^1]) : since;
        return $"{{\"error\":[],\"result\":{{\"X{pair}\":{ArrayOf(rows, "1000")},\"last\":\"{last}\"}}}}";
    }

    /// <summary>Rows of a time range, both ends included, two per page; null without key and secret.</summary>
    private string? Alpaca(HttpContext context)
    {
        var (query, headers) = (context.Request.Query, context.Request.Headers);
        if (headers["APCA-API-KEY-ID"] != "KEY-1" || headers["APCA-API-SECRET-KEY"] != "SECRET-1") return null;
        string symbol = query["symbols"]!, token = query["page_token"].ToString();
        var rows = Rows(symbol)
            .Where(row => Time((string)row["t"]!) >= Time(query["start"]!) && Time((string)row["t"]!) <= Time(query["end"]!)).ToList();
        var from = token.Length == 0 ? 0 : int.Parse(token, CultureInfo.InvariantCulture);
        var next = from + 2 < rows.Count ? $"\"{from + 2}\"" : "null";
        return $"{{\"trades\":{{\"{symbol}\":{ArrayOf(rows.Skip(from).Take(2), "2")}}},\"next_page_token\":{next}}}";

        static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    private static long Nanoseconds(JsonNode row) =>
        (long)(decimal.Parse(row[2]!.ToJsonString(), CultureInfo.InvariantCulture) * 1_000_000_000m);

    private IEnumerable<JsonNode> Rows(string symbol) => session.Rows[symbol].Select(row => JsonNode.Parse(row)!);

    private static string ArrayOf(IEnumerable<JsonNode> rows, string limit) =>
        $"[{string.Join(',', rows.Take(int.Parse(limit, CultureInfo.InvariantCulture)).Select(row => row.ToJsonString()))}]";

    private static long Number(JsonNode row, string name) => row[name]!.GetValue<long>();

    private static long Number(JsonNode value) => value.GetValue<long>();

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
