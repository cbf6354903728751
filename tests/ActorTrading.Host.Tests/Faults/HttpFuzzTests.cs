using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ActorTrading.Host.Tests.Web;
using ActorTrading.Simulation;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Faults;

/// <summary>
/// Distorted input to every listener of a running node: an answer in time, no error of the node, and no rejected data in the state.
/// </summary>
public sealed class HttpFuzzTests
{
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(20); // a hang, not slowness

    private static readonly string[] Paths =
    [
        "/symbols", "/symbols/AAPL", "/symbols/AAPL?at=2024-07-09T14:30:00Z", "/symbols/AAPL?at=1720533600000000000",
        "/symbols/AAPL/bars?frame=1min&from=2024-07-09T13:00:00Z&to=2024-07-09T15:00:00Z&limit=10",
        "/symbols/AAPL/ticks?from=0&to=1&limit=5", "/symbols/AAPL/summary?date=2024-07-09", "/signals?from=0&limit=10&symbol=AAPL",
        "/explain?signal=AAPL/buy-5b7c2a1f/5min/1720531200000000000/0",
        "/ledger", "/partitions", "/plan", "/state-hash", "/connections", "/subscriptions", "/health/live", "/health/ready", "/metrics",
        "/openapi.json", "/ws?topics=signals", "/",
    ];

    private static readonly string[] Subscribes =
    [
        """{"subscribe":{"topics":["signals","bars"],"symbols":["AAPL","BTC/USD"],"frames":["1min","5min"],"from":0}}""",
        """{"subscribe":{"topics":["ticks","late","rejects"]}}""",
        """{"subscribe":{}}""",
    ];

    [Fact]
    public async Task Bodies_InEveryDialect_AreTakenOrRefused_AndWhatIsRefusedIsNotInTheState()
    {
        await using var running = await RunningNode.StartAsync();
        running.Client.Timeout = InTime;
        var bodies = Dialects.All.Select(Body).Append(Binary()).ToList();
        var fuzz = new Fuzz(seed: 21, rounds: 150);
        var hash = await HashAsync(running);
        while (fuzz.Next())
        {
            var body = fuzz.Distort(fuzz.OneOf(bodies));
            using var content = new ByteArrayContent(body);
            using var answer = await running.Client.PostAsync(new Uri("/ingest?source=desk&epoch=1", UriKind.Relative), content);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode < 500, $"seed {fuzz.Seed}: {answer.StatusCode} {text} to {Convert.ToBase64String(body)}");
            using var json = JsonDocument.Parse(text);
            var isTaken = json.RootElement.TryGetProperty("applied", out var applied)
                && applied.GetInt64() + json.RootElement.GetProperty("late").GetInt64() > 0;
            var after = await HashAsync(running);
            Assert.True(isTaken || after == hash, $"seed {fuzz.Seed}: {text} and yet the state changed by {Convert.ToBase64String(body)}");
            hash = after;
        }

        Assert.All(await running.Node.Ingest.Running.LedgerAsync(default), line => Assert.True(line.IsBalanced, line.Source.Name));
        await running.RestartAsync();
        Assert.Equal(hash, await HashAsync(running));
    }

    [Fact]
    public async Task Requests_AreAnsweredOrRefused_WhateverTheirPathAndQueryAre()
    {
        await using var running = await RunningNode.StartAsync();
        await running.PostAsync("/ingest", Encoding.UTF8.GetString(Body(Dialect.Canonical)));
        var hash = await HashAsync(running);
        var fuzz = new Fuzz(seed: 22, rounds: 600);
        while (fuzz.Next())
        {
            var path = fuzz.Distort(fuzz.OneOf(Paths));
            var method = fuzz.OneOf(["GET", "GET", "GET", "GET", "HEAD", "DELETE", "PUT", "OPTIONS", "BREW"]);
            var isChange = path.StartsWith("/subscriptions", StringComparison.Ordinal)
                || (method == "DELETE" && path.StartsWith("/symbols", StringComparison.Ordinal));
            if (isChange) method = "GET"; // an accepted change is not rejected input
            var status = await AskAsync(running, $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            Assert.True(status is >= 200 and < 500, $"seed {fuzz.Seed}: {status} to {method} {path}");
        }

        Assert.Equal(hash, await HashAsync(running));
    }

    [Fact]
    public async Task RequestInAbsoluteForm_AsProxiesSendIt_IsForTheSamePath()
    {
        await using var running = await RunningNode.StartAsync();
        await running.PostAsync("/ingest", """{"symbol":"AAPL","ts":1720522800000000000,"price":1,"size":1}""");
        Assert.Equal(
            200, await AskAsync(running, "GET http://127.0.0.1/symbols/AAPL HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public async Task Subscriptions_AreTakenOrRefusedWithAWord_AndTheSocketGoesOn()
    {
        await using var running = await RunningNode.StartAsync();
        var fuzz = new Fuzz(seed: 23, rounds: 200);
        while (fuzz.Next())
        {
            using var listener = await Listener.ConnectAsync(running);
            var message = fuzz.Distort(fuzz.OneOf(Subscribes));
            await listener.SendAsync(message);
            // Ahead of the log: rejected, and none of the topics of the first subscription.
            await listener.SendAsync("""{"subscribe":{"topics":["rejects"],"from":77}}""");
            var (first, second) = (await ReplyAsync(listener), await ReplyAsync(listener));
            Assert.True(first is "subscribed" or "error" && second == "error", $"seed {fuzz.Seed}: {first}, {second} to {message}");
        }
    }

    [Fact]
    public async Task TcpConnections_EndOrGoOn_WhateverTheyBeginWith()
    {
        await using var running = await RunningNode.StartAsync();
        var line = """{"symbol":"AAPL","ts":1720522800000000000,"price":1,"size":1,"seq":1}""";
        byte[][] streams =
        [
            Encoding.UTF8.GetBytes($$"""{"hello":"desk","epoch":3,"token":"x"}{{"\n"}}{{line}}{{"\n"}}"""),
            Encoding.UTF8.GetBytes($"{line}\n{line}\n"), [.. """{"hello":"desk"}"""u8, (byte)'\n', .. Binary()], Binary(),
        ];
        var fuzz = new Fuzz(seed: 24, rounds: 200);
        while (fuzz.Next())
        {
            var bytes = fuzz.Distort(fuzz.OneOf(streams));
            using var limit = new CancellationTokenSource(InTime);
            using var client = new TcpClient();
            await client.ConnectAsync(running.Node.Ingest.Address, limit.Token);
            var stream = client.GetStream();
            try
            {
                await stream.WriteAsync(bytes, limit.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                while (await stream.ReadAsync(new byte[4096], limit.Token) > 0)
                {
                }
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The connection was closed before everything was written.
            }
        }

        Assert.Null(running.Node.Hosted.Failure);
        Assert.All(await running.Node.Ingest.Running.LedgerAsync(default), of => Assert.True(of.IsBalanced, of.Source.Name));
        Assert.Equal(
            1,
            (await running.PostAsync("/ingest", line.Replace("AAPL", "MSFT", StringComparison.Ordinal))).GetProperty("applied").GetInt32());
    }

    /// <summary>
    /// The status of the response to the bytes of a request; 400 if the connection is closed without one, as for input that is not HTTP.
    /// </summary>
    private static async Task<int> AskAsync(RunningNode running, string request)
    {
        using var limit = new CancellationTokenSource(InTime);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, running.Node.Http[0].Port, limit.Token);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request), limit.Token);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        var first = await reader.ReadLineAsync(limit.Token);
        return first?.Split(' ') is [_, var status, ..] && int.TryParse(status, out var number) ? number : 400;
    }

    private static async Task<string> ReplyAsync(Listener listener)
    {
        while (await listener.NextOfAsync() is { } next)
        {
            if (next.Name is not ("heartbeat" or "signal")) return next.Name;
        }

        return "closed";
    }

    private static async Task<string> HashAsync(RunningNode running) => (await running.Node.Engine.HashAsync()).ToString();

    private static byte[] Body(Dialect dialect)
    {
        var output = new ArrayBufferWriter<byte>();
        if (dialect.IsTable()) RecordWriter.WriteHeader(dialect, output, full: true);
        foreach (var record in Records().Where(record => dialect.Carries(record.Kind)).Take(6))
            RecordWriter.Write(record, dialect, output, full: true);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Binary()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output);
        foreach (var record in Records().Take(20)) encoder.Write(record);
        encoder.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<Record> Records() =>
        MarketGenerator.Generate(
            new MarketOptions { Ticks = 400, Symbols = 2, Names = ["AAPL", "BTC/USD"], Kinds = KindMix.Everything, Source = "made" });
}
