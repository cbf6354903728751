using System.Text;
using ActorTrading.Connectors.Outbound;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka.Out;

/// <summary>
/// Finds the position up to which a topic has the results of a connector, from the last messages of its partitions. Each message contains
/// the position up to which all results were stored when it was sent.
/// </summary>
internal sealed class TopicEnd(ClientConfig client, string topic, string connector)
{
    private const int FirstDepth = 16;
    private const int MostDepth = 65_536; // messages of other connectors after the last one of this connector

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The position; null if the topic does not exist or has no message of the connector.</summary>
    /// <exception cref="KafkaException">The brokers do not respond.</exception>
    public ResultPosition? Find(CancellationToken cancellation)
    {
        var partitions = Partitions();
        if (partitions.Count == 0) return null;
        var settings = new ConsumerConfig(client)
        {
            GroupId = $"{connector}-position", EnableAutoCommit = false, EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadUncommitted,
        };
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(settings).SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { }).Build();
        ResultPosition? end = null;
        foreach (var partition in partitions)
        {
            var last = Last(consumer, partition, isOnly: partitions.Count == 1, cancellation);
            if (end is null || (last is { } found && found.CompareTo(end.Value) > 0)) end = last ?? end;
        }

        consumer.Unassign();
        return end;
    }

    private List<TopicPartition> Partitions()
    {
        using var admin = new AdminClientBuilder(client).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        var found = admin.GetMetadata(topic, Timeout).Topics.Find(one => one.Topic == topic);
        return found is null ? [] : [.. found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }

    private ResultPosition? Last(IConsumer<Ignore, Ignore> consumer, TopicPartition partition, bool isOnly, CancellationToken cancellation)
    {
        var ends = consumer.QueryWatermarkOffsets(partition, Timeout);
        for (var depth = FirstDepth; ; depth *= FirstDepth)
        {
            var from = Math.Max(ends.Low.Value, ends.High.Value - depth);
            if (from >= ends.High.Value) return null;
            if (Last(consumer, new TopicPartitionOffset(partition, from), isOnly, cancellation) is { } found) return found;
            if (from == ends.Low.Value || depth >= MostDepth) return null;
        }
    }

    /// <summary>Reads messages from an offset to the end.</summary>
    private ResultPosition? Last(IConsumer<Ignore, Ignore> consumer, TopicPartitionOffset from, bool isOnly, CancellationToken cancellation)
    {
        ResultPosition? last = null;
        consumer.Assign(from);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = consumer.Consume(Timeout)
                ?? throw new ConnectorException($"Partition {from.Partition.Value} of {topic} does not answer.");
            if (read.IsPartitionEOF) return last;
            if (PositionIn(read.Message.Headers, isOnly) is { } position && (last is null || position.CompareTo(last.Value) > 0))
                last = position;
        }
    }

    /// <summary>With a single partition, a stored message implies that all earlier ones are stored.</summary>
    private ResultPosition? PositionIn(Headers? headers, bool isOnly) =>
        headers is not null && Text(headers, KafkaHeaders.Connector) == connector
        && ResultPosition.TryParse(Text(headers, isOnly ? KafkaHeaders.Position : KafkaHeaders.Delivered), out var position)
            ? position
            : null;

    private static string? Text(Headers headers, string name) =>
        headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;
}
