using ActorTrading.Domain.Values;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>A partition that this consumer has. All but what is set when it is made is guarded by its reader's gate.</summary>
internal sealed class KafkaPartition(TopicPartition place, Source source)
{
    /// <summary>Topic and number.</summary>
    public TopicPartition Place { get; } = place;

    /// <summary>What its records come from.</summary>
    public Source Source { get; } = source;

    /// <summary>The offset behind the last message read; -1 before the first. The reader's thread alone has it.</summary>
    public long Read { get; set; } = -1;

    /// <summary>The offset behind the last message of which it and all before it are durable; -1 before the first.</summary>
    public long Durable { get; set; } = -1;

    /// <summary>The offset that was committed last; -1 where none is known.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>Batches with messages of it that are not durable yet.</summary>
    public int UnderWay { get; set; }

    /// <summary>Whether an offset waits to be committed.</summary>
    public bool IsDue => Durable > Committed;

    /// <inheritdoc/>
    public override string ToString() => $"{Place.Topic}/{Place.Partition.Value}";
}
