using System.Buffers;
using ActorTrading.Client;
using ActorTrading.Client.Sending;
using ActorTrading.Domain.Records;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest.Client;

/// <summary>
/// Client that sends records to an ingest server without loss or duplicates, also across broken connections: keeps unacknowledged records
/// in a bounded window, reconnects, and sends them again. A record without a seq gets the client's source and epoch and the next seq; a
/// record with a seq keeps its identity. Supports one sender at a time.
/// </summary>
public sealed class FeedClient : IAsyncDisposable
{
    private readonly FeedOptions options;
    private readonly AckedSender<Record> sender;
    private readonly Func<Record, Record> identify;
    private long nextSeq;

    /// <summary>Starts to connect.</summary>
    public FeedClient(FeedOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Epoch);
        this.options = options;
        nextSeq = options.FirstSeq;
        identify = Identified;
        var hello = FeedConnection.Hello(options.Source.Name, options.Epoch, options.Token);
        sender = new AckedSender<Record>(
            new SenderOptions(
                cancellation => FeedConnection.OpenAsync(options.Host, options.Port, options.Tls, cancellation), hello, options.Window)
            {
                FirstBackOff = options.FirstBackOff,
                MaxBackOff = options.MaxBackOff,
                Silence = options.Silence,
                Time = options.Time,
                OnReject = options.OnReject,
                OnLatency = options.OnLatency,
                OnDisconnect = options.OnDisconnect,
            },
            output => options.Binary ? new FrameWriter(output) : new LineWriter(output));
    }

    /// <summary>Counters of the client so far.</summary>
    public FeedStatus Status => sender.Status;

    /// <summary>Sends records in order; waits while the window is full. The records are copied.</summary>
    /// <exception cref="FeedRefusedException">The server refuses this client.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<Record> records, CancellationToken cancellation = default) =>
        sender.SendAsync(records, identify, cancellation);

    /// <summary>Waits until all records sent so far are acknowledged.</summary>
    /// <exception cref="FeedRefusedException">The server refuses this client.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => sender.FlushAsync(cancellation);

    /// <summary>Closes the client. Unacknowledged records are discarded: call <see cref="FlushAsync"/> first to wait for them.</summary>
    public ValueTask DisposeAsync() => sender.DisposeAsync();

    private Record Identified(Record record) =>
        record.Id.IsSequenced ? record : record.WithIdentity(new Identity(options.Source, options.Epoch, nextSeq++));

    private sealed class LineWriter(IBufferWriter<byte> output) : IItemWriter<Record>
    {
        public void Write(in Record item) => RecordWriter.Write(item, Dialect.Canonical, output);

        public void Flush()
        {
        }
    }

    private sealed class FrameWriter(IBufferWriter<byte> output) : IItemWriter<Record>
    {
        private readonly BinaryEncoder encoder = new(output);

        public void Write(in Record item) => encoder.Write(item);

        public void Flush() => encoder.Flush();
    }
}
