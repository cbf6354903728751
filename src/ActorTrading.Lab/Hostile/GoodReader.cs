using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using ActorTrading.Host.Feeding;

namespace ActorTrading.Lab.Hostile;

/// <summary>A well-behaved subscriber: reads signals over a WebSocket, and continues at its position after a broken connection.</summary>
internal sealed class GoodReader(Victim victim, GoodFeed feed)
{
    private readonly Lock gate = new(); // guards all below
    private readonly Dictionary<string, List<string>> signals = [];
    private LatencyHistogram latencies = new();
    private long position;
    private int connections;

    /// <summary>Number of signals received.</summary>
    public int Count
    {
        get
        {
            lock (gate) return signals.Values.Sum(list => list.Count);
        }
    }

    /// <summary>Number of connections made.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>The ids of the received signals by symbol, in the order of arrival.</summary>
    public IReadOnlyDictionary<string, List<string>> Signals
    {
        get
        {
            lock (gate) return signals.ToDictionary(pair => pair.Key, pair => pair.Value.ToList());
        }
    }

    /// <summary>Returns the signal latencies so far, and starts a new histogram.</summary>
    public LatencyHistogram TakeLatencies()
    {
        lock (gate)
        {
            var taken = latencies;
            latencies = new LatencyHistogram();
            return taken;
        }
    }

    /// <summary>Reads until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Interlocked.Increment(ref connections);
                await ReadAsync(cancellation);
            }
            catch (Exception broken) when (broken is WebSocketException or IOException or HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + Victim.ReaderToken);
        await socket.ConnectAsync(new Uri($"ws://{victim.Http}/ws?topics=signals&from={Volatile.Read(ref position)}"), cancellation);
        var message = new ArrayBufferWriter<byte>(4_096);
        while (true)
        {
            var received = await socket.ReceiveAsync(message.GetMemory(4_096), cancellation);
            if (received.MessageType == WebSocketMessageType.Close) return;
            message.Advance(received.Count);
            if (!received.EndOfMessage) continue;
            Hear(message.WrittenMemory);
            message.ResetWrittenCount();
        }
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        var now = Stopwatch.GetTimestamp();
        using var json = JsonDocument.Parse(message);
        if (!json.RootElement.TryGetProperty("signal", out var signal)) return;
        var (id, symbol) = (signal.GetProperty("id").GetString()!, signal.GetProperty("symbol").GetString()!);
        lock (gate)
        {
            if (!signals.TryGetValue(symbol, out var got)) signals.Add(symbol, got = []);
            got.Add(id);
            position = signal.GetProperty("position").GetInt64();
            if (feed.TryGetFiring(id, out var at)) latencies.Add((long)Stopwatch.GetElapsedTime(at, now).TotalNanoseconds);
        }
    }
}
