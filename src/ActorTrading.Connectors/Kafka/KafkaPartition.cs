using ActorTrading.Domain.Values;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>A partition assigned to this consumer. The reader's gate guards all state except what is set at construction.</summary>
internal sealed class KafkaPartition(TopicPartition place, Source source)
{
    /// <summary>Topic and number.</summary>
    public TopicPartition Place { get; } = place;

    /// <summary>The source of its records.</summary>
    public Source Source { get; } = source;

    /// <summary>The offset after the last message read; -1 before the first. Used only by the reader's thread.</summary>
    public long Read { get; set; } = -1;

    /// <summary>The offset after the last message that is durable together with all messages before it; -1 before the first.</summary>
    public long Durable { get; set; } = -1;

    /// <summary>The last committed offset; -1 if unknown.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>Number of batches with its messages that are not durable yet.</summary>
    public int UnderWay { get; set; }

    /// <summary>Whether an offset must be committed.</summary>
    public bool IsDue => Durable > Committed;

    /// <inheritdoc/>
    public override string ToString() => $"{Place.Topic}/{Place.Partition.Value}";
}
