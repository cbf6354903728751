using System.Text;
using ActorTrading.Connectors.Outbound;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka.Out;

/// <summary>
/// Sends results to a topic with an idempotent producer, keyed by symbol. Retries without limit while the brokers are unavailable; senders
/// then wait.
/// </summary>
internal sealed class KafkaTarget(KafkaOutOptions options, ConnectorMeter meter) : IResultTarget
{
    private const int LingerMs = 5;

    private readonly ClientConfig client = options.Connection.Configure();
    private IProducer<string, ReadOnlyMemory<byte>>? producer;
    private bool isFailing;

    /// <inheritdoc/>
    public string Peer => client.BootstrapServers;

    /// <inheritdoc/>
    public Task<ResultPosition?> OpenAsync(CancellationToken cancellation) => Task.Run(
        () =>
        {
            producer = Build();
            return new TopicEnd(client, options.Topic, options.Name).Find(cancellation);
        },
        cancellation);

    /// <inheritdoc/>
    public Task SendAsync(ResultMessage message, ResultPosition delivered)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        producer!.Produce(
            options.Topic,
            new Message<string, ReadOnlyMemory<byte>> { Key = message.Key, Value = message.Value, Headers = HeadersOf(message, delivered) },
            report =>
            {
                if (report.Error.IsError) done.SetException(new KafkaException(report.Error));
                else done.SetResult();
            });
        return Volatile.Read(ref isFailing) ? AgainAsync(done.Task) : done.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (producer is { } used) await Task.Run(used.Dispose).ConfigureAwait(false); // it blocks until its threads end
    }

    private async Task AgainAsync(Task sent)
    {
        await sent.ConfigureAwait(false);
        Volatile.Write(ref isFailing, false);
        meter.Connected(Peer);
    }

    private IProducer<string, ReadOnlyMemory<byte>> Build()
    {
        var settings = new ProducerConfig(client)
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            MessageTimeoutMs = 0, // retries without limit: a message given up would be a gap
            LingerMs = LingerMs,
            CompressionType = options.Compression,
        };
        return new ProducerBuilder<string, ReadOnlyMemory<byte>>(settings)
            .SetValueSerializer(new MemorySerializer())
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler((_, error) => OnError(error))
            .Build();
    }

    /// <summary>An unreachable broker is not a failure while another one can be reached.</summary>
    private void OnError(Error error)
    {
        if (error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut && !error.IsFatal) return;
        Volatile.Write(ref isFailing, true);
        meter.Failed(error.Reason);
    }

    private Headers HeadersOf(ResultMessage message, ResultPosition delivered)
    {
        var headers = new Headers
        {
            { KafkaHeaders.Id, Encoding.UTF8.GetBytes(message.Id) },
            { KafkaHeaders.Position, Encoding.UTF8.GetBytes(message.Position.ToString()) },
            { KafkaHeaders.Delivered, Encoding.UTF8.GetBytes(delivered.ToString()) },
            { KafkaHeaders.Connector, Encoding.UTF8.GetBytes(options.Name) },
        };
        if (message.Time is { } time) headers.Add(KafkaHeaders.Time, Encoding.UTF8.GetBytes(time.ToString()));
        return headers;
    }

    private sealed class MemorySerializer : ISerializer<ReadOnlyMemory<byte>>
    {
        public byte[] Serialize(ReadOnlyMemory<byte> data, SerializationContext context) => data.ToArray();
    }
}
