using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTrading.Host.Tests.Webhooks;

/// <summary>A received request.</summary>
internal sealed record HookRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Key => Headers["idempotency-key"];
}

/// <summary>The response: a status and header lines.</summary>
internal sealed record HookReply(int Status, params string[] Headers);

/// <summary>
/// The receiver of a webhook, on loopback, one request per connection. A reply of null closes the connection without a response.
/// </summary>
internal sealed class HookServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource closing = new();
    private readonly Func<HookRequest, Task<HookReply?>> answer;
    private readonly Task accepting;

    public HookServer(Func<HookRequest, HookReply?> answer, int port = 0)
        : this(request => Task.FromResult(answer(request)), port)
    {
    }

    public HookServer(Func<HookRequest, Task<HookReply?>> answer, int port = 0)
    {
        this.answer = answer;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public ConcurrentQueue<HookRequest> Requests { get; } = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}/hook?token=hush");

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting;
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(closing.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var bytes = new List<byte>();
            var one = new byte[1];
            while (!Encoding.ASCII.GetString([.. bytes.TakeLast(4)]).Equals("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await stream.ReadAsync(one, closing.Token) == 0) return;
                bytes.Add(one[0]);
            }

            var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
                .ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
            var body = new byte[int.Parse(headers["content-length"])];
            await stream.ReadExactlyAsync(body, closing.Token);
            var request = new HookRequest(lines[0], headers, body);
            Requests.Enqueue(request);
            if (await answer(request) is not { } reply) return;
            var head = string.Concat(reply.Headers.Select(header => header + "\r\n"));
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 {reply.Status} Said\r\n{head}Content-Length: 0\r\nConnection: close\r\n\r\n"),
                closing.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The webhook has disconnected, or the test is over.
        }
    }
}
