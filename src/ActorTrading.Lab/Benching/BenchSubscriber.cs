using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using ActorTrading.Host;
using ActorTrading.Host.Api;

namespace ActorTrading.Lab.Benching;

/// <summary>An ordinary subscriber to signals and one-minute bars over the WebSocket of a node.</summary>
internal sealed class BenchSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ClientWebSocket socket;
    private readonly ArrivalListener listener;
    private readonly CancellationTokenSource over = new();
    private readonly Task receiving;

    private readonly TaskCompletionSource subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BenchSubscriber(ClientWebSocket socket, ArrivalListener listener)
    {
        this.socket = socket;
        this.listener = listener;
        receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>Subscribes. Events after the return of this method are received.</summary>
    /// <exception cref="CommandException">The node rejects the subscription.</exception>
    public static async Task<BenchSubscriber> OpenAsync(NodeApi api, ArrivalListener listener, CancellationToken cancellation)
    {
        var socket = await api.SubscribeAsync("topics=signals,bars&frames=1min", cancellation);
        var subscriber = new BenchSubscriber(socket, listener);
        if (await Task.WhenAny(subscriber.subscribed.Task, subscriber.receiving).WaitAsync(Timeout, cancellation) == subscriber.receiving)
            await subscriber.CloseAsync();
        return subscriber;
    }

    /// <summary>Waits until all signals in the node's log have arrived; returns the number of missing ones after a time limit.</summary>
    public async Task<long> CatchUpAsync(NodeApi api, CancellationToken cancellation)
    {
        using var page = await api.GetAsync("signals?limit=1", cancellation);
        var last = page.RootElement.GetProperty("last").GetInt64();
        for (var waited = TimeSpan.Zero; listener.Position < last && waited < Timeout && !receiving.IsCompleted; waited += Pause)
            await Task.Delay(Pause, cancellation);
        return last - listener.Position;
    }

    /// <summary>Stops receiving.</summary>
    /// <exception cref="CommandException">The subscription had ended before.</exception>
    public async Task CloseAsync()
    {
        var isEarly = receiving.IsCompleted;
        await over.CancelAsync();
        try
        {
            await receiving;
        }
        catch (OperationCanceledException)
        {
            // Cancelled.
        }
        catch (Exception exception) when (exception is WebSocketException or JsonException)
        {
            throw new CommandException(ExitCode.BadOutput, $"The subscription ended: {exception.Message}");
        }

        if (isEarly) throw new CommandException(ExitCode.BadOutput, $"The node ended the subscription: {socket.CloseStatusDescription}");
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await receiving.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        socket.Dispose();
        over.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var message = new ArrayBufferWriter<byte>(16 * 1024);
        while (true)
        {
            var received = await socket.ReceiveAsync(message.GetMemory(4 * 1024), over.Token);
            if (received.MessageType == WebSocketMessageType.Close) return;
            message.Advance(received.Count);
            if (!received.EndOfMessage) continue;
            if (listener.Hear(message.WrittenMemory) == "subscribed") subscribed.TrySetResult();
            message.ResetWrittenCount();
        }
    }
}
