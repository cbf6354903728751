using System.Buffers;
using System.Text.Json;
using ActorTrading.Client.Records;
using ActorTrading.Client.Sending;

namespace ActorTrading.Client;

/// <summary>
/// Sends records to a node exactly once, across reconnects. Keeps unacknowledged records in a bounded window and sends them again after a
/// reconnect. One sender at a time; not thread-safe otherwise.
/// </summary>
public sealed class Feed : IAsyncDisposable
{
    private const int BlockRecords = 1_000; // of a sequence, passed on at once

    private readonly AckedSender<byte[]> sender;
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json;
    private long next;

    /// <summary>Starts to connect.</summary>
    public Feed(FeedSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Epoch = settings.Epoch ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(Epoch, nameof(settings));
        json = new Utf8JsonWriter(line);
        var hello = FeedConnection.Hello(settings.Source, Epoch, settings.Token, timeUnit: "ns");
        sender = new AckedSender<byte[]>(
            new SenderOptions(stop => FeedConnection.OpenAsync(settings.Host, settings.Port, settings.Tls, stop), hello, settings.Window)
            {
                FirstBackOff = TimeSpan.FromMilliseconds(100),
                MaxBackOff = settings.MaxBackOff,
                Silence = settings.Silence,
                OnReject = settings.OnReject is { } hear ? text => hear(RejectionOf(text)) : null,
                OnDisconnect = settings.OnDisconnect,
            },
            static output => new LineWriter(output));
    }

    /// <summary>The epoch of the sequence numbers that this feed assigns.</summary>
    public long Epoch { get; }

    /// <summary>The counters so far.</summary>
    public FeedStatus Status => sender.Status;

    /// <summary>
    /// Adds a record to the window; waits while the window is full. The record is durable when it is acknowledged, see
    /// <see cref="FlushAsync"/>.
    /// </summary>
    /// <exception cref="FeedRefusedException">The node permanently refuses this feed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the record was not added.</exception>
    public ValueTask SendAsync(MarketRecord record, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return sender.SendAsync(new[] { LineOf(record) }, static line => line, cancellation);
    }

    /// <summary>Sends records in order. After a cancellation, <see cref="FeedStatus.Taken"/> is the number of records added.</summary>
    /// <exception cref="FeedRefusedException">The node permanently refuses this feed.</exception>
    public async ValueTask SendAsync(IEnumerable<MarketRecord> records, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var block in records.Chunk(BlockRecords))
            await sender.SendAsync(block.Select(LineOf).ToArray(), static line => line, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends the records of an asynchronous sequence, up to its end.</summary>
    /// <exception cref="FeedRefusedException">The node permanently refuses this feed.</exception>
    public async Task SendAsync(IAsyncEnumerable<MarketRecord> records, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        await foreach (var record in records.WithCancellation(cancellation).ConfigureAwait(false))
            await SendAsync(record, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits until all records are acknowledged.</summary>
    /// <exception cref="FeedRefusedException">The node permanently refuses this feed.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => sender.FlushAsync(cancellation);

    /// <summary>Closes the connection. Unacknowledged records are lost: call <see cref="FlushAsync"/> before to wait for them.</summary>
    public ValueTask DisposeAsync() => sender.DisposeAsync();

    private static Rejection RejectionOf(string text)
    {
        using var json = JsonDocument.Parse(text);
        return Rejection.Of(json.RootElement);
    }

    /// <summary>
    /// The record as a line. A record without a number gets the next one, from 1. A gap, where a record was not added after all, has no
    /// effect.
    /// </summary>
    private byte[] LineOf(MarketRecord record)
    {
        line.ResetWrittenCount();
        json.Reset();
        record.WriteTo(json, record.Seq ?? ++next);
        json.Flush();
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    private sealed class LineWriter(IBufferWriter<byte> output) : IItemWriter<byte[]>
    {
        public void Write(in byte[] item) => output.Write(item);

        public void Flush()
        {
        }
    }
}
