using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ActorTrading.Connectors.Kafka;

/// <summary>A topic was deleted and created again after its partitions were assigned: the consumer must restart.</summary>
internal sealed class KafkaTopicChangedException(string message) : Exception(message);

/// <summary>The topics that are read, with their ids, and the start offsets of their partitions. Thread-safe.</summary>
internal sealed class KafkaTopics(Handle handle, KafkaInOptions options) : IDisposable
{
    private readonly IAdminClient admin = new DependentAdminClientBuilder(handle).Build();
    private readonly Dictionary<string, string?> identities = []; // guarded by a lock on itself

    /// <inheritdoc/>
    public void Dispose() => admin.Dispose();

    /// <summary>The ids of topics with assigned partitions; null if the brokers do not support topic ids.</summary>
    public IReadOnlyDictionary<string, string?> Identify(IEnumerable<string> names, TimeSpan timeout)
    {
        var distinct = names.Distinct().ToList();
        var found = AskAsync(distinct, timeout).GetAwaiter().GetResult();
        lock (identities)
        {
            foreach (var (name, identity) in found) identities[name] = identity;
        }

        return found;
    }

    /// <summary>A topic that was created again since its id was read; null if there is none.</summary>
    /// <exception cref="KafkaException">The brokers do not respond.</exception>
    public async Task<string?> FindChangedAsync(TimeSpan timeout)
    {
        Dictionary<string, string?> known;
        lock (identities) known = new(identities);
        if (known.Count == 0)
        {
            admin.GetMetadata(timeout); // only to check whether they respond
            return null;
        }

        var present = await AskAsync([.. known.Keys], timeout).ConfigureAwait(false);
        return known.Keys.FirstOrDefault(name => known[name] is { } before && present[name] is { } now && before != now);
    }

    /// <summary>
    /// The start offsets of partitions: after the committed offset of the group, otherwise according to the options. A start with new
    /// messages is committed at once, so that a restart starts there, too.
    /// </summary>
    /// <param name="notice">Called with messages that the brokers deleted before they were read.</param>
    public IReadOnlyList<TopicPartitionOffset> StartsOf<TKey, TValue>(
        List<TopicPartition> assigned, IConsumer<TKey, TValue> consumer, TimeSpan timeout, Action<string> notice)
    {
        if (assigned.Count == 0) return [];
        var committed = consumer.Committed(assigned, timeout);
        var begins = new List<TopicPartitionOffset>();
        var starts = new List<TopicPartitionOffset>(committed.Count);
        foreach (var one in committed)
        {
            var start = one;
            if (one.Offset.Value < 0 && options.FromNow)
            {
                start = new TopicPartitionOffset(one.TopicPartition, consumer.QueryWatermarkOffsets(one.TopicPartition, timeout).High);
                begins.Add(start);
            }
            else if (one.Offset.Value > 0)
            {
                var kept = consumer.QueryWatermarkOffsets(one.TopicPartition, timeout);
                if (kept.Low.Value > one.Offset.Value)
                    notice($"{one.Topic}/{one.Partition.Value}: offsets {one.Offset.Value} to {kept.Low.Value - 1} were deleted before "
                        + "they were read");
            }

            starts.Add(start);
        }

        if (begins.Count > 0) consumer.Commit(begins);
        return starts;
    }

    private async Task<Dictionary<string, string?>> AskAsync(List<string> names, TimeSpan timeout)
    {
        var found = names.ToDictionary(static name => name, static _ => (string?)null);
        if (!options.UsesTopicIds || names.Count == 0) return found;
        try
        {
            var told = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames(names), new DescribeTopicsOptions { RequestTimeout = timeout }).ConfigureAwait(false);
            Note(told.TopicDescriptions);
        }
        catch (DescribeTopicsException exception)
        {
            Note(exception.Results.TopicDescriptions); // one of the topics does not exist now
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion)
        {
            // Brokers before 2.8 do not support topic ids.
        }

        return found;

        void Note(IEnumerable<TopicDescription> described)
        {
            foreach (var one in described.Where(static one => !one.Error.IsError)) found[one.Name] = KafkaSources.IdentityOf(one.TopicId);
        }
    }
}
