using System.Buffers;
using System.Text.Json;
using ActorTrading.Client.Records;
using ActorTrading.Client.Sending;

namespace ActorTrading.Client;

/// <summary>
/// Sends records to a node so that none is lost and none counts twice, whatever breaks in between: keeps what is not acknowledged in
/// a bounded window,
/// connects again, and sends it again. Safe for one sender at a time.
/// </summary>
public sealed class Feed : IAsyncDisposable
{
    private const int BlockRecords = 1_000; // of a sequence, handed over at once

    private readonly AckedSender<byte[]> sender;
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json;
    private long next;

    /// <summary>Begins to connect.</summary>
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

    /// <summary>The epoch of the numbers that records get here.</summary>
    public long Epoch { get; }

    /// <summary>What it did so far.</summary>
    public FeedStatus Status => sender.Status;

    /// <summary>
    /// Takes a record; waits while the window is full. It is durable when it is acknowledged, see <see cref="FlushAsync"/>.
    /// </summary>
    /// <exception cref="FeedRefusedException">The node will not have this feed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the record was not taken.</exception>
    public ValueTask SendAsync(MarketRecord record, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return sender.SendAsync(new[] { LineOf(record) }, static line => line, cancellation);
    }

    /// <summary>Takes records in their order. Where it is cancelled, <see cref="FeedStatus.Taken"/> tells how many were taken.</summary>
    /// <exception cref="FeedRefusedException">The node will not have this feed.</exception>
    public async ValueTask SendAsync(IEnumerable<MarketRecord> records, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var block in records.Chunk(BlockRecords))
            await sender.SendAsync(block.Select(LineOf).ToArray(), static line => line, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes records as they come, to the end of the sequence.</summary>
    /// <exception cref="FeedRefusedException">The node will not have this feed.</exception>
    public async Task SendAsync(IAsyncEnumerable<MarketRecord> records, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        await foreach (var record in records.WithCancellation(cancellation).ConfigureAwait(false))
            await SendAsync(record, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits until all that was taken is acknowledged.</summary>
    /// <exception cref="FeedRefusedException">The node will not have this feed.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => sender.FlushAsync(cancellation);

    /// <summary>Closes. What is not acknowledged is given up: flush before, to wait for it.</summary>
    public ValueTask DisposeAsync() => sender.DisposeAsync();

    private static Rejection RejectionOf(string text)
    {
        using var json = JsonDocument.Parse(text);
        return Rejection.Of(json.RootElement);
    }

    /// <summary>
    /// A record as a line. One that has no number of its own gets the next one, from 1; a gap, where a record was not taken after
    /// all, does no harm.
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
