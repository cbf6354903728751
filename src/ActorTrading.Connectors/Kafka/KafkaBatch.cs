using System.Collections;
using ActorTrading.Connectors.Messages;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>The range of a key or value in its batch's buffer; length -1 if there is none.</summary>
internal readonly record struct KafkaBytes(int Start, int Length);

/// <summary>
/// A batch of messages of any partitions, those of each partition in order. Their bytes are copied once, to one array that the batch
/// reuses.
/// </summary>
internal sealed class KafkaBatch(int most, long epoch) : IReadOnlyList<InboundMessage>
{
    private const int MostBytes = 4 << 20;

    private readonly List<Entry> entries = new(most);
    private readonly List<(KafkaPartition Partition, long Next)> ends = [];
    private byte[] bytes = new byte[64 << 10];
    private int length;
    private int last = -1; // index of the end that was updated last

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <summary>Number of messages without a value.</summary>
    public int Skipped { get; private set; }

    /// <summary>Whether no message was read into the batch.</summary>
    public bool IsEmpty => ends.Count == 0;

    /// <summary>Whether the batch is full and must be submitted.</summary>
    public bool IsFull => entries.Count + Skipped >= most || length >= MostBytes;

    /// <summary>The number of messages that count against the limit of messages in flight.</summary>
    public int Weight => Math.Max(1, entries.Count);

    /// <summary>The partitions of its messages, each with the offset after the last one.</summary>
    public IReadOnlyList<(KafkaPartition Partition, long Next)> Ends => ends;

    /// <inheritdoc/>
    public InboundMessage this[int index]
    {
        get
        {
            var entry = entries[index];
            var message = new InboundMessage(entry.Partition.Source, epoch, entry.Offset, ValueOf(index));
            return entry.Milliseconds < 0 ? message : message with { Time = TimeOf(entry.Milliseconds) };
        }
    }

    /// <summary>The origin of a message.</summary>
    public TopicPartitionOffset PlaceOf(int index) => new(entries[index].Partition.Place, entries[index].Offset);

    /// <summary>The value of a message.</summary>
    public ReadOnlyMemory<byte> ValueOf(int index) => bytes.AsMemory(entries[index].Value.Start, entries[index].Value.Length);

    /// <summary>The key of a message; null if it has none.</summary>
    public byte[]? KeyOf(int index) =>
        entries[index].Key is { Length: >= 0 } key ? bytes.AsSpan(key.Start, key.Length).ToArray() : null;

    /// <summary>Adds a message whose bytes are already in this batch.</summary>
    /// <param name="milliseconds">Its time, milliseconds since 1970; negative if it has none.</param>
    public void Add(KafkaPartition partition, long offset, long milliseconds, KafkaBytes key, KafkaBytes value)
    {
        if (value.Length < 0) Skipped++;
        else entries.Add(new Entry(partition, offset, milliseconds, key, value));
        if (last < 0 || !ReferenceEquals(ends[last].Partition, partition))
        {
            last = ends.FindIndex(end => ReferenceEquals(end.Partition, partition));
            if (last < 0)
            {
                last = ends.Count;
                ends.Add(default);
            }
        }

        ends[last] = (partition, offset + 1);
    }

    /// <summary>Copies bytes from the client library's memory.</summary>
    public KafkaBytes Copy(ReadOnlySpan<byte> data)
    {
        if (bytes.Length - length < data.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + data.Length));
        data.CopyTo(bytes.AsSpan(length));
        var copied = new KafkaBytes(length, data.Length);
        length += data.Length;
        return copied;
    }

    /// <summary>Removes all messages.</summary>
    public void Clear()
    {
        entries.Clear();
        ends.Clear();
        (length, last, Skipped) = (0, -1, 0);
    }

    /// <inheritdoc/>
    public IEnumerator<InboundMessage> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Domain.Values.Timestamp TimeOf(long milliseconds)
    {
        const long Millisecond = Domain.Values.Timestamp.Second / 1_000;
        return new(Math.Min(milliseconds, long.MaxValue / Millisecond) * Millisecond);
    }

    private readonly record struct Entry(KafkaPartition Partition, long Offset, long Milliseconds, KafkaBytes Key, KafkaBytes Value);
}
