using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>
/// The brokers of librdkafka's mock cluster, on free ports of loopback, for clients of any kind and process. They keep topics, records,
/// groups and committed offsets in memory. A broker that is down does not answer, and keeps its data.
/// </summary>
internal sealed class KafkaMockCluster : IDisposable
{
    private const string Library = "librdkafka";

    /// <summary>The build of the library that the client has loaded for this machine, of those in the client's package.</summary>
    static KafkaMockCluster() => NativeLibrary.SetDllImportResolver(typeof(KafkaMockCluster).Assembly, static (name, _, _) =>
    {
        if (name != Library) return IntPtr.Zero;
        _ = Confluent.Kafka.Library.Version; // loads it
        using var process = Process.GetCurrentProcess();
        var loaded = process.Modules.Cast<ProcessModule>().First(module => module.ModuleName.Contains(Library, StringComparison.Ordinal));
        return NativeLibrary.Load(loaded.FileName);
    });

    private readonly IntPtr handle;
    private readonly IntPtr cluster;

    public KafkaMockCluster(int brokers = 3)
    {
        var error = new StringBuilder(512);
        var configuration = NewConfiguration();
        _ = Configure(configuration, "log_level", "0", error, (UIntPtr)error.Capacity);
        handle = NewHandle(0, configuration, error, (UIntPtr)error.Capacity);
        if (handle == IntPtr.Zero) throw new InvalidOperationException(error.ToString());
        cluster = NewCluster(handle, brokers);
        if (cluster == IntPtr.Zero) throw new InvalidOperationException("There is no mock cluster.");
        Count = brokers;
        Brokers = Marshal.PtrToStringUTF8(Bootstraps(cluster))!;
        SetRebalanceDelay(cluster, 0);
        SetController(1);
    }

    /// <summary>The addresses, as HOST:PORT,HOST:PORT.</summary>
    public string Brokers { get; }

    /// <summary>The number of brokers; their numbers begin at 1.</summary>
    public int Count { get; }

    public void CreateTopic(string topic, int partitions = 1) => Check(TopicCreate(cluster, topic, partitions, Count));

    public void DeleteTopic(string topic) => Check(TopicDelete(cluster, topic));

    public void SetLeader(string topic, int partition, int broker) => Check(PartitionSetLeader(cluster, topic, partition, broker));

    /// <summary>The broker that answers requests for topic identities; 1 at first.</summary>
    public void SetController(int broker) => SetController(cluster, broker);

    /// <summary>Deletes the records of a partition before an offset, like retention.</summary>
    public void DeleteRecords(string topic, int partition, long before) => Check(PartitionDeleteRecords(cluster, topic, partition, before));

    /// <summary>Breaks the connections to a broker, or to all (-1), and rejects new ones.</summary>
    public void SetDown(int broker = -1) => Check(BrokerSetDown(cluster, broker));

    public void SetUp(int broker = -1) => Check(BrokerSetUp(cluster, broker));

    /// <summary>Makes the next requests of that kind (the protocol's number) fail, each with one of these errors.</summary>
    public void FailNext(short apiKey, params ErrorCode[] errors) =>
        PushErrors(cluster, apiKey, (UIntPtr)errors.Length, [.. errors.Select(error => (int)error)]);

    /// <summary>Requests for the topic get this error; none with <see cref="ErrorCode.NoError"/>.</summary>
    public void SetError(string topic, ErrorCode error) => SetTopicError(cluster, topic, (int)error);

    /// <summary>Produces records to a partition, in order; null is a tombstone. Returns when the brokers have stored them.</summary>
    public async Task ProduceAsync(string topic, int partition, IEnumerable<string?> values, DateTimeOffset? time = null)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = Brokers, EnableIdempotence = true, LingerMs = 1,
            CompressionType = CompressionType.Lz4, // a partition of the mock cluster keeps 5 MB
        };
        using var producer = new ProducerBuilder<Null, string?>(config)
            .SetValueSerializer(new Text()).SetLogHandler(static (_, _) => { }).Build();
        var under = new List<Task>();
        foreach (var value in values)
        {
            var message = new Message<Null, string?> { Value = value! };
            if (time is { } at) message.Timestamp = new Confluent.Kafka.Timestamp(at);
            under.Add(producer.ProduceAsync(new TopicPartition(topic, partition), message));
        }

        producer.Flush(TimeSpan.FromMinutes(1));
        await Task.WhenAll(under);
    }

    /// <summary>Every record of a topic up to its current end, in the order of partitions and offsets.</summary>
    public List<ConsumeResult<byte[], byte[]>> Read(string topic)
    {
        var config = new ConsumerConfig { BootstrapServers = Brokers, GroupId = $"reader-{Guid.NewGuid()}", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler(static (_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var read = new List<ConsumeResult<byte[], byte[]>>();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(30)).Topics.Single().Partitions;
        foreach (var partition in partitions.Select(one => new TopicPartition(topic, one.PartitionId)))
        {
            var end = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(30));
            if (end.High.Value == end.Low.Value) continue;
            consumer.Assign(new TopicPartitionOffset(partition, end.Low));
            while (consumer.Consume(TimeSpan.FromSeconds(30)) is { } result)
            {
                read.Add(result);
                if (result.Offset.Value + 1 >= end.High.Value) break;
            }
        }

        return [.. read.OrderBy(one => one.Partition.Value).ThenBy(one => one.Offset.Value)];
    }

    /// <summary>The offset that a group has committed for a partition; null if there is none.</summary>
    public long? Committed(string group, string topic, int partition = 0)
    {
        var config = new ConsumerConfig { BootstrapServers = Brokers, GroupId = group, EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler(static (_, _) => { }).Build();
        var offset = consumer.Committed([new TopicPartition(topic, partition)], TimeSpan.FromSeconds(30)).Single().Offset;
        return offset == Offset.Unset ? null : offset.Value;
    }

    public void Dispose()
    {
        DestroyCluster(cluster);
        DestroyHandle(handle);
    }

    private static void Check(int error)
    {
        if (error != 0) throw new KafkaException((ErrorCode)error);
    }

    [DllImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static extern IntPtr NewConfiguration();

    [DllImport(Library, EntryPoint = "rd_kafka_conf_set")]
    private static extern int Configure(
        IntPtr configuration, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        [MarshalAs(UnmanagedType.LPStr)] StringBuilder error, UIntPtr length);

    [DllImport(Library, EntryPoint = "rd_kafka_new")]
    private static extern IntPtr NewHandle(
        int type, IntPtr configuration, [MarshalAs(UnmanagedType.LPStr)] StringBuilder error, UIntPtr length);

    [DllImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static extern void DestroyHandle(IntPtr handle);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static extern IntPtr NewCluster(IntPtr handle, int brokers);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static extern void DestroyCluster(IntPtr cluster);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static extern IntPtr Bootstraps(IntPtr cluster);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    private static extern void SetRebalanceDelay(IntPtr cluster, int milliseconds);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_set_controller_id")]
    private static extern void SetController(IntPtr cluster, int broker);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_topic_create")]
    private static extern int TopicCreate(IntPtr cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replicas);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_topic_delete")]
    private static extern int TopicDelete(IntPtr cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_topic_set_error")]
    private static extern void SetTopicError(IntPtr cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int error);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_partition_set_leader")]
    private static extern int PartitionSetLeader(
        IntPtr cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, int broker);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_partition_delete_records")]
    private static extern int PartitionDeleteRecords(
        IntPtr cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, long before);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static extern int BrokerSetDown(IntPtr cluster, int broker);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static extern int BrokerSetUp(IntPtr cluster, int broker);

    [DllImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static extern void PushErrors(IntPtr cluster, short apiKey, UIntPtr count, int[] errors);

    private sealed class Text : ISerializer<string?>
    {
        public byte[] Serialize(string? data, SerializationContext context) => data is null ? null! : Encoding.UTF8.GetBytes(data);
    }
}
