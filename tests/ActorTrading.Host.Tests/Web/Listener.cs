using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Web;

/// <summary>A subscriber over a WebSocket.</summary>
internal sealed class Listener : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly ClientWebSocket socket = new();
    private readonly byte[] buffer = new byte[2 * 1024 * 1024];

    private Listener()
    {
    }

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public string? Protocol => socket.SubProtocol;

    public static async Task<Listener> ConnectAsync(
        RunningNode node, string query = "", string? origin = null, string? token = null, string[]? protocols = null)
    {
        var listener = new Listener();
        if (token is not null) listener.socket.Options.SetRequestHeader("Authorization", "Bearer " + Tokens.Long(token));
        foreach (var protocol in protocols ?? []) listener.socket.Options.AddSubProtocol(Tokens.Lengthen(protocol));
        if (origin is not null) listener.socket.Options.SetRequestHeader("Origin", origin);
        using var limit = new CancellationTokenSource(Timeout);
        await listener.socket.ConnectAsync(new Uri($"ws://127.0.0.1:{node.Node.Http[0].Port}/ws{query}"), limit.Token);
        return listener;
    }

    /// <summary>Connects with a subscription, and waits until it is confirmed.</summary>
    public static async Task<Listener> SubscribeAsync(RunningNode node, string query)
    {
        var listener = await ConnectAsync(node, query);
        await listener.NextAsync("subscribed");
        return listener;
    }

    public async Task SendAsync(string message)
    {
        using var limit = new CancellationTokenSource(Timeout);
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, limit.Token);
    }

    /// <summary>
    /// The next message, which must have that name; heartbeats are skipped unless requested. Null when the socket is closed.
    /// </summary>
    public async Task<JsonElement?> NextAsync(string name)
    {
        while (true)
        {
            if (await NextOfAsync() is not { } next) return null;
            if (next.Name == "heartbeat" && name != "heartbeat") continue;
            Assert.True(next.Name == name, $"{name} was expected: {next.Name} {next.Content.GetRawText()}");
            return next.Content;
        }
    }

    /// <summary>The next message of any kind. Null when the socket is closed.</summary>
    public async Task<(string Name, JsonElement Content)?> NextOfAsync()
    {
        using var limit = new CancellationTokenSource(Timeout);
        var length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            length += received.Count;
        }
        while (!received.EndOfMessage);

        if (received.MessageType == WebSocketMessageType.Close) return null;
        using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
        var member = json.RootElement.EnumerateObject().Single();
        return (member.Name, member.Value.Clone());
    }

    /// <summary>The positions of the next signals.</summary>
    public async Task<List<long>> PositionsAsync(int count)
    {
        var positions = new List<long>();
        while (positions.Count < count) positions.Add((await NextAsync("signal"))!.Value.GetProperty("position").GetInt64());
        return positions;
    }

    public void Dispose() => socket.Dispose();
}
