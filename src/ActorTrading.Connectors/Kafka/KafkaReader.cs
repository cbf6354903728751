using System.Threading.Channels;
using Akka.Util;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// A consumer-group member on its own thread: collects messages into batches and commits the offsets of acknowledged ones. It pauses while
/// too many messages are in flight, and releases a partition only when the partition's messages are settled.
/// Long because one thread has all the state: batches, partitions, offsets and commits change together.
/// </summary>
internal sealed class KafkaReader : IDeserializer<KafkaBytes>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RoomTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly ErrorCode[] Down =
        [ErrorCode.Local_AllBrokersDown, ErrorCode.Local_Authentication, ErrorCode.Local_Ssl, ErrorCode.Local_Resolve];

    private readonly KafkaInOptions options;
    private readonly ConnectorMeter meter;
    private readonly ConnectorServices services;
    private readonly IConsumer<KafkaBytes, KafkaBytes> consumer;
    private readonly KafkaTopics topics;
    private readonly IDictionary<TopicPartition, string?> taken; // shared by all readers of the connector, one after another
    private readonly Channel<KafkaBatch> batches = Channel.CreateUnbounded<KafkaBatch>(new() { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private readonly object gate = new(); // guards all fields below except those of the thread
    private readonly Dictionary<TopicPartition, KafkaPartition> partitions = [];
    private readonly Stack<KafkaBatch> spare = [];
    private int underWay;
    private Exception? failure;

    // Used by the thread only.
    private KafkaBatch current;
    private KafkaPartition? recent;
    private bool isPaused;
    private bool hasNewPartitions;
    private bool isEnding;
    private long lastCare;
    private Task committing = Task.CompletedTask;
    private Task watching = Task.CompletedTask;

    private volatile bool isDown;

    private KafkaReader(
        KafkaInOptions options, ConnectorMeter meter, ConnectorServices services, IDictionary<TopicPartition, string?> taken)
    {
        (this.options, this.meter, this.services, this.taken) = (options, meter, services, taken);
        current = new KafkaBatch(options.BatchMessages, options.Epoch);
        var config = new ConsumerConfig(options.Connection.Configure())
        {
            GroupId = options.Group,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest, // also if retention deleted unread messages: the remaining ones are read
            PartitionAssignmentStrategy = options.IsCooperative
                ? PartitionAssignmentStrategy.CooperativeSticky
                : PartitionAssignmentStrategy.Range,
            ConsumeResultFields = "timestamp,topic",
            AllowAutoCreateTopics = false,
            FetchQueueBackoffMs = 10, // the default is one second, without fetching once enough messages are queued
        };
        consumer = new ConsumerBuilder<KafkaBytes, KafkaBytes>(config)
            .SetKeyDeserializer(this).SetValueDeserializer(this)
            .SetPartitionsAssignedHandler((_, assigned) => OnAssigned(assigned))
            .SetPartitionsRevokedHandler((_, revoked) => OnRevoked(revoked))
            .SetPartitionsLostHandler((_, lost) => Drop(lost))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, line) => services.Logger.ConnectorClient(options.Name, line.Message))
            .Build();
        topics = new KafkaTopics(consumer.Handle, options);
    }

    /// <summary>Starts to read.</summary>
    /// <param name="taken">The topic ids by the partitions that readers of the connector were assigned; stored by the caller.</param>
    public static KafkaReader Start(
        KafkaInOptions options, ConnectorMeter meter, ConnectorServices services, IDictionary<TopicPartition, string?> taken)
    {
        var reader = new KafkaReader(options, meter, services, taken);
        reader.watching = Task.Run(reader.WatchAsync);
        new Thread(reader.Run) { IsBackground = true, Name = $"kafka-{options.Name}" }.Start();
        return reader;
    }

    /// <summary>The next batch; none at the end of the stream.</summary>
    /// <exception cref="KafkaException">The reader has failed.</exception>
    public async Task<Option<KafkaBatch>> ReadAsync()
    {
        while (await batches.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            if (batches.Reader.TryRead(out var batch)) return batch;
        }

        return Option<KafkaBatch>.None;
    }

    /// <summary>Acknowledges a batch: its messages and those of all earlier batches are durable. The batch returns to the reader.</summary>
    public void Acknowledge(KafkaBatch batch)
    {
        lock (gate)
        {
            foreach (var (partition, next) in batch.Ends)
            {
                partition.Durable = next;
                partition.UnderWay--;
            }

            underWay -= batch.Weight;
            batch.Clear();
            spare.Push(batch);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Fails the reader: messages in flight will not be acknowledged.</summary>
    public void Fail(Exception exception)
    {
        lock (gate)
        {
            failure ??= exception;
            Monitor.PulseAll(gate);
        }

        Stop();
    }

    /// <summary>Stops reading; the stream ends after the messages already read.</summary>
    public void Stop()
    {
        stopping.Cancel();
        lock (gate) Monitor.PulseAll(gate);
    }

    /// <summary>Stops, waits for the messages in flight, commits their offsets, and leaves the group.</summary>
    public Task CloseAsync()
    {
        Stop();
        return ended.Task;
    }

    /// <inheritdoc/>
    KafkaBytes IDeserializer<KafkaBytes>.Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        isNull ? new KafkaBytes(0, -1) : current.Copy(data);

    private void Run()
    {
        try
        {
            consumer.Subscribe(options.Topics);
            while (!stopping.IsCancellationRequested)
            {
                MakeRoom();
                var result = Consume(Poll);
                while (result is not null)
                {
                    Take(result);
                    result = current.IsFull ? null : Consume(TimeSpan.Zero);
                }

                HandOver();
                Care();
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        batches.Writer.TryComplete(failure);
        Settle(static _ => true);
        CommitLast(static _ => true);
        isEnding = true; // uncommitted offsets would make the client wait for brokers that do not respond
        var leaving = Task.Run(Leave);
        if (!leaving.Wait(LeaveTimeout))
        {
            services.Logger.ConnectorNotice(
                options.Name, "brokers do not answer: the consumer group drops this member when its session times out");
        }

        ended.SetResult();
    }

    /// <summary>
    /// Leaves the group and frees the client. Has no time limit: the client may wait for an answer to a request until the broker is back.
    /// </summary>
    private void Leave()
    {
        try
        {
            consumer.Close();
        }
        catch (KafkaException exception)
        {
            services.Logger.ConnectorNotice(options.Name, $"it did not leave its consumer group: {exception.Message}");
        }

        watching.Wait(); // the client does not end while a request is in flight
        topics.Dispose();
        consumer.Dispose();
    }

    /// <summary>
    /// Commits before partitions are given up, after the commit that is under way. Limited in time: the client's commit is not.
    /// </summary>
    private void CommitLast(Func<KafkaPartition, bool> which)
    {
        if (failure is KafkaTopicChangedException) return;
        var before = committing;
        committing = Task.Run(() =>
        {
            Task.WaitAny(before);
            Commit(which);
        });
        try
        {
            if (committing.Wait(CommitTimeout)) return;
            services.Logger.ConnectorNotice(options.Name, "brokers do not answer: uncommitted messages will be redelivered");
        }
        catch (AggregateException exception)
        {
            services.Logger.ConnectorNotice(
                options.Name, $"offsets were not committed; their messages will be redelivered: {exception.GetBaseException().Message}");
        }
    }

    /// <summary>The next message, or null. Temporary errors are reported and ignored.</summary>
    private ConsumeResult<KafkaBytes, KafkaBytes>? Consume(TimeSpan wait)
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal && !IsOfMessage(exception.Error.Code))
        {
            isDown = true;
            meter.Failed(exception.Error.Reason);
            return null;
        }
    }

    /// <summary>Whether the error concerns a single message. Unreadable messages are not skipped.</summary>
    private static bool IsOfMessage(ErrorCode code) => code is ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression
        or ErrorCode.Local_KeyDeserialization or ErrorCode.Local_ValueDeserialization;

    private void Take(ConsumeResult<KafkaBytes, KafkaBytes> result)
    {
        if (isDown) IsUp();
        var partition = PartitionOf(result);
        var offset = result.Offset.Value;
        if (offset < partition.Read)
        {
            throw new KafkaTopicChangedException(
                $"offsets of {partition} went back from {partition.Read} to {offset}: "
                + "the topic was recreated, or truncated by its brokers");
        }

        partition.Read = offset + 1;
        var time = result.Message.Timestamp;
        var milliseconds = time.Type == TimestampType.NotAvailable ? -1 : time.UnixTimestampMs;
        current.Add(partition, offset, milliseconds, result.Message.Key, result.Message.Value);
    }

    private KafkaPartition PartitionOf(ConsumeResult<KafkaBytes, KafkaBytes> result)
    {
        if (recent is { } last && last.Place.Partition == result.Partition && last.Place.Topic == result.Topic) return last;
        lock (gate) return recent = partitions[result.TopicPartition];
    }

    private void HandOver()
    {
        if (current.IsEmpty) return;
        lock (gate)
        {
            foreach (var (partition, _) in current.Ends) partition.UnderWay++;
            underWay += current.Weight;
            batches.Writer.TryWrite(current);
            if (!spare.TryPop(out current!)) current = new KafkaBatch(options.BatchMessages, options.Epoch);
        }
    }

    /// <summary>
    /// Waits briefly for space. If there is none, partitions are paused, so that the group does not regard this member as dead. Pausing
    /// discards the client's prefetched messages, so it is not done for a short wait.
    /// </summary>
    private void MakeRoom()
    {
        bool isFull;
        lock (gate)
        {
            if (underWay >= options.InFlight && failure is null && !isPaused) Monitor.Wait(gate, RoomTimeout);
            isFull = underWay >= options.InFlight;
        }

        if (isFull && (!isPaused || hasNewPartitions)) consumer.Pause(consumer.Assignment);
        else if (!isFull && isPaused) consumer.Resume(consumer.Assignment);
        (isPaused, hasNewPartitions) = (isFull, false);
    }

    private IEnumerable<TopicPartitionOffset> OnAssigned(List<TopicPartition> assigned)
    {
        var identities = topics.Identify(assigned.Select(place => place.Topic), RequestTimeout);
        var starts = topics.StartsOf(
            assigned, consumer, RequestTimeout, notice => services.Logger.ConnectorNotice(options.Name, notice));
        starts = [.. starts.Select(start => IsMadeAnew(start.TopicPartition, identities[start.Topic])
            ? new TopicPartitionOffset(start.TopicPartition, Offset.Beginning)
            : start)];
        lock (gate)
        {
            foreach (var start in starts)
            {
                taken[start.TopicPartition] = identities[start.Topic];
                var source = KafkaSources.Of(options.Label ?? start.Topic, start.Partition.Value, identities[start.Topic]);
                partitions[start.TopicPartition] = new KafkaPartition(start.TopicPartition, source)
                {
                    Committed = Math.Max(-1, start.Offset.Value),
                };
            }
        }

        recent = null;
        hasNewPartitions = true;
        IsUp();
        if (assigned.Count > 0) services.Logger.ConnectorEvent(options.Name, $"takes over {string.Join(", ", assigned)}");
        return starts;
    }

    /// <summary>
    /// Whether the partition belonged to another topic of that name when it was assigned before. Then the committed offset may be that of
    /// the old topic.
    /// </summary>
    private bool IsMadeAnew(TopicPartition place, string? identity) =>
        identity is not null && taken.TryGetValue(place, out var before) && before is not null && before != identity;

    private void OnRevoked(List<TopicPartitionOffset> revoked)
    {
        if (isEnding)
        {
            Drop(revoked);
            return;
        }

        HandOver();
        var places = revoked.Select(place => place.TopicPartition).ToHashSet();
        Settle(partition => places.Contains(partition.Place));
        CommitLast(partition => places.Contains(partition.Place));
        Drop(revoked);
        if (revoked.Count > 0) services.Logger.ConnectorEvent(options.Name, $"gives up {string.Join(", ", places)}");
    }

    private void Drop(List<TopicPartitionOffset> gone)
    {
        HandOver();
        recent = null;
        lock (gate)
        {
            foreach (var place in gone) partitions.Remove(place.TopicPartition);
        }
    }

    /// <summary>Waits until no message of these partitions is in flight; limited in time, and not after a failure.</summary>
    private void Settle(Func<KafkaPartition, bool> which)
    {
        var begun = services.Time.GetTimestamp();
        lock (gate)
        {
            while (failure is null && partitions.Values.Any(partition => partition.UnderWay > 0 && which(partition)))
            {
                if (services.Time.GetElapsedTime(begun) >= options.SettleTimeout) return;
                Monitor.Wait(gate, Poll);
            }
        }
    }

    /// <summary>Commits durable offsets periodically, in parallel to reading.</summary>
    private void Care()
    {
        if (lastCare != 0 && services.Time.GetElapsedTime(lastCare) < options.CommitEvery) return;
        lastCare = services.Time.GetTimestamp();
        meter.LagIs(Lag());
        if (!committing.IsCompleted) return;
        committing = Task.Run(() =>
        {
            try
            {
                Commit(static _ => true);
            }
            catch (KafkaException exception) when (!exception.Error.IsFatal)
            {
                // The next commit includes it. Meanwhile the group may rebalance or a broker may be unavailable; both are reported
                // separately.
            }
        });
    }

    private void Commit(Func<KafkaPartition, bool> which)
    {
        List<(KafkaPartition Partition, long Offset)> due;
        lock (gate)
        {
            due = [.. partitions.Values.Where(partition => partition.IsDue && which(partition)).Select(static one => (one, one.Durable))];
        }

        if (due.Count == 0) return;
        consumer.Commit(due.Select(static one => new TopicPartitionOffset(one.Partition.Place, one.Offset)));
        lock (gate)
        {
            foreach (var (partition, offset) in due) partition.Committed = offset;
        }
    }

    /// <summary>
    /// Number of messages of the assigned partitions that are not durable yet, as far as the brokers have reported; null if they have not.
    /// </summary>
    private long? Lag()
    {
        long? lag = null;
        lock (gate)
        {
            foreach (var partition in partitions.Values)
            {
                var known = consumer.GetWatermarkOffsets(partition.Place);
                if (known.High == Offset.Unset) continue;
                var at = Math.Max(partition.Durable, partition.Committed);
                lag = (lag ?? 0) + Math.Max(0, known.High.Value - Math.Max(at, known.Low.Value));
            }
        }

        return lag;
    }

    /// <summary>Checks periodically whether the brokers respond and whether the topics still have the same ids.</summary>
    private async Task WatchAsync()
    {
        var (quick, token) = (TimeSpan.FromSeconds(1), stopping.Token);
        try
        {
            while (true)
            {
                var pause = isDown && quick < options.CheckEvery ? quick : options.CheckEvery;
                await Task.Delay(pause, services.Time, token).ConfigureAwait(false);
                try
                {
                    if (await topics.FindChangedAsync(RequestTimeout).ConfigureAwait(false) is { } changed)
                        Fail(new KafkaTopicChangedException($"the topic {changed} was recreated"));
                    else if (isDown) IsUp();
                }
                catch (KafkaException exception) when (!token.IsCancellationRequested)
                {
                    isDown = true;
                    meter.Failed(exception.Message);
                }
            }
        }
        catch (Exception exception)
        {
            if (!token.IsCancellationRequested) Fail(exception); // otherwise it was stopped
        }
    }

    private void OnError(Error error)
    {
        if (error.IsFatal) Fail(new KafkaException(error));
        else if (Down.Contains(error.Code))
        {
            isDown = true;
            meter.Failed(error.Reason);
        }
    }

    private void IsUp()
    {
        isDown = false;
        meter.Connected(options.Connection.Brokers);
    }
}
