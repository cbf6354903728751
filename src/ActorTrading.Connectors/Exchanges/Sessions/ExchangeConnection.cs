using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>
/// One WebSocket connection, from its login to its end. It is read continuously, since an exchange disconnects a client that does not read;
/// messages beyond the queue's capacity are dropped and reported. Messages are sent within the rate limit of the exchange.
/// </summary>
internal sealed class ExchangeConnection
{
    private static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(15);

    private readonly ExchangeOptions options;
    private readonly IExchange exchange;
    private readonly ExchangeCounts counts;
    private readonly TimeProvider time;
    private readonly Channel<ExchangeEvent> received;
    private readonly Channel<string> outgoing = Channel.CreateUnbounded<string>();
    private readonly ClientWebSocket socket = new();
    private readonly ArrayBufferWriter<byte> buffer = new(16 * 1024);
    private readonly long begun;
    private long heard; // timestamp of the last message
    private volatile ExchangeException? closing;

    public ExchangeConnection(ExchangeOptions options, IExchange exchange, ExchangeCounts counts, TimeProvider time)
    {
        (this.options, this.exchange, this.counts, this.time) = (options, exchange, counts, time);
        received = Channel.CreateBounded<ExchangeEvent>(
            new BoundedChannelOptions(options.Buffer) { SingleReader = true, SingleWriter = true });
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        begun = heard = time.GetTimestamp();
    }

    /// <summary>Queues messages to send, in order.</summary>
    public void Send(IEnumerable<string> messages)
    {
        foreach (var message in messages) outgoing.Writer.TryWrite(message);
    }

    /// <summary>Closes the connection; the session receives the reason.</summary>
    public void Close(ExchangeException reason)
    {
        closing = reason;
        socket.Abort();
    }

    /// <summary>
    /// Connects, and reads until the connection ends: by itself (with an exception), or because it has reached the age for renewal.
    /// </summary>
    /// <exception cref="ExchangeException">The connection could not be opened, or it ended.</exception>
    public async IAsyncEnumerable<ExchangeEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await OpenAsync(cancellation).ConfigureAwait(false);
        var tasks = new[] { ReceiveAsync(ending.Token), SendAsync(ending.Token), WatchAsync(ending.Token) };
        try
        {
            yield return new ConnectionOpened(this, time.GetUtcNow().ToUnixTimeMilliseconds());
            await foreach (var one in received.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return one;
            await tasks[0].ConfigureAwait(false); // throws the reason of the end
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await GoodbyeAsync().ConfigureAwait(false);
            await Task.WhenAll(tasks.Select(Ended)).ConfigureAwait(false);
            socket.Dispose();
        }
    }

    private static async Task Ended(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task OpenAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(OpeningTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await socket.ConnectAsync(exchange.Url, either.Token).ConfigureAwait(false);
            if (exchange.Login() is not { } login) return;
            await socket.SendAsync(Encoding.UTF8.GetBytes(login), WebSocketMessageType.Text, true, either.Token).ConfigureAwait(false);
            while (true)
            {
                if (!await ReceiveOneAsync(either.Token).ConfigureAwait(false))
                    throw new ExchangeException(ExchangeError.Disconnected, "the exchange has closed the connection before the login");
                using var answer = JsonDocument.Parse(buffer.WrittenMemory);
                if (exchange.IsLoggedIn(answer.RootElement)) return;
            }
        }
        catch (Exception e) when (e is WebSocketException or JsonException or InvalidDataException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            socket.Dispose();
            throw new ExchangeException(ExchangeError.Disconnected, e is OperationCanceledException ? "no answer in time" : e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            var dropped = 0L;
            while (await ReceiveOneAsync(cancellation).ConfigureAwait(false))
            {
                Volatile.Write(ref heard, time.GetTimestamp());
                if (dropped > 0 && received.Writer.TryWrite(new MessagesDropped(dropped))) dropped = 0;
                if (dropped == 0 && received.Writer.TryWrite(new MessageReceived(buffer.WrittenSpan.ToArray()))) continue;
                dropped++;
                counts.Add("dropped");
            }

            throw new ExchangeException(
                ExchangeError.Disconnected,
                $"the exchange has closed the connection: {socket.CloseStatus}: {socket.CloseStatusDescription}");
        }
        catch (Exception e) when (closing is { } reason && e is not ExchangeException)
        {
            if (!ReferenceEquals(reason, Renewal)) throw reason;
        }
        catch (Exception e) when (e is WebSocketException or InvalidDataException)
        {
            throw new ExchangeException(ExchangeError.Disconnected, e.Message, e);
        }
        finally
        {
            received.Writer.TryComplete();
        }
    }

    /// <summary>Receives a message into the buffer. Returns false if the exchange closes the connection.</summary>
    private async Task<bool> ReceiveOneAsync(CancellationToken cancellation)
    {
        buffer.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.GetMemory(4096), cancellation).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return false;
            buffer.Advance(part.Count);
            if (buffer.WrittenCount > options.MaxMessage)
                throw new InvalidDataException($"a message of more than {options.MaxMessage} bytes");
            if (part.EndOfMessage) return true;
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        var pace = TimeSpan.FromSeconds(1 / exchange.Limits.MessagesPerSecond);
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, cancellation)
                    .ConfigureAwait(false);
                await Task.Delay(pace, time, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException)
        {
            socket.Abort(); // the last message read contains the reason
        }
    }

    /// <summary>Closes a connection that is silent or old, and keeps it alive otherwise.</summary>
    private async Task WatchAsync(CancellationToken cancellation)
    {
        var silence = options.Silence ?? exchange.Limits.Silence;
        var renew = options.Renew ?? exchange.Limits.Renew;
        var look = silence == Timeout.InfiniteTimeSpan ? TimeSpan.FromSeconds(1) : silence / 8;
        if (renew is { } age && age / 8 < look) look = age / 8;
        if (look > TimeSpan.FromSeconds(1)) look = TimeSpan.FromSeconds(1);
        var pinged = begun;
        using var timer = new PeriodicTimer(look, time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            if (renew is { } limit && time.GetElapsedTime(begun) > limit)
            {
                Close(Renewal);
                return;
            }

            if (silence != Timeout.InfiniteTimeSpan && time.GetElapsedTime(Volatile.Read(ref heard)) > silence)
            {
                Close(new ExchangeException(ExchangeError.Silent, $"no data arrived for {silence}"));
                return;
            }

            if (exchange.Limits.PingEvery is not { } every || time.GetElapsedTime(pinged) < every) continue;
            pinged = time.GetTimestamp();
            if (exchange.Ping() is { } ping) Send([ping]);
        }
    }

    private async Task GoodbyeAsync()
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            // It is already closed.
        }
    }

    /// <summary>The reason of a renewal, which is not a failure.</summary>
    public static readonly ExchangeException Renewal = new(ExchangeError.Disconnected, "the connection is replaced");
}
