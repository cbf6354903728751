using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ActorTrading.Host;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using Confluent.Kafka;
using Node = ActorTrading.Host.Nodes.Node;

namespace ActorTrading.Lab.Rates;

/// <summary>
/// The command <c>kafka-rate</c>: compares the records per second from Kafka with those over the TCP port, with the same records in the
/// same run, one after the other. The brokers are librdkafka's mock cluster; everything shares the processors of this machine.
/// </summary>
internal static class KafkaRateCommand
{
    private const string Topic = "ticks";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    public static Command Create()
    {
        var records = new Option<int>("--records") { Description = "Records of each run.", DefaultValueFactory = static _ => 1_000_000 };
        var symbols = new Option<int>("--symbols") { Description = "Symbols that they are of.", DefaultValueFactory = static _ => 200 };
        var partitions = new Option<int>("--partitions")
        {
            Description = "Partitions of the topic, and TCP connections.", DefaultValueFactory = static _ => 4,
        };
        var rounds = new Option<int>("--rounds") { Description = "Runs of each way in.", DefaultValueFactory = static _ => 3 };
        var command = new Command("kafka-rate", "Records a second from Kafka, beside those by the TCP port of the same node.")
        {
            records, symbols, partitions, rounds,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new Load(parsed.GetValue(records), parsed.GetValue(symbols), parsed.GetValue(partitions)),
            parsed.GetValue(rounds), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Load load, int rounds, CancellationToken cancellation)
    {
        if (load.Records < load.Partitions || load.Symbols < 1 || load.Partitions < 1 || rounds < 1)
            throw new CommandException(ExitCode.Usage, "Numbers have to be above zero.");
        using var brokers = new MockBrokers(load.Partitions);
        await brokers.FillAsync(load, cancellation);
        var (tcp, kafka) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            tcp.Add(await MeasureAsync(load, null, node => SendAsync(node, load, cancellation), cancellation));
            Console.WriteLine($"round {round}: tcp   {tcp[^1],12:N0} records/s");
            kafka.Add(await MeasureAsync(load, (brokers.Address, $"round-{round}"), static _ => Task.CompletedTask, cancellation));
            Console.WriteLine($"round {round}: kafka {kafka[^1],12:N0} records/s");
        }

        var (ofTcp, ofKafka) = (Median(tcp), Median(kafka));
        Console.WriteLine($"median: tcp {ofTcp:N0}, kafka {ofKafka:N0} records/s, {ofKafka / ofTcp:P0} of tcp");
        return 0;
    }

    /// <summary>Measures from the first poll with folded records to the poll that finds all of them.</summary>
    private static async Task<double> MeasureAsync(
        Load load, (string Brokers, string Group)? kafka, Func<Node, Task> feed, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("actortrading-lab-");
        try
        {
            var file = Path.Combine(folder.FullName, "node.json");
            await File.WriteAllTextAsync(file, kafka is var (brokers, group) ? SettingsOf(brokers, group) : "{}", cancellation);
            var options = NodeSettings.Read(file, new Dictionary<string, string?>()) with
            {
                Data = Path.Combine(folder.FullName, "data"), Kind = EngineKind.Embedded, Port = 0, HttpPorts = [0],
            };
            await using var node = await Node.StartAsync(options);
            var feeding = feed(node);
            var (first, begun) = (0L, 0L);
            var limit = Stopwatch.StartNew();
            while (true)
            {
                var folded = node.Hosting!.Partitions.Sum(static partition => partition.Records);
                if (first == 0 && folded > 0) (first, begun) = (folded, Stopwatch.GetTimestamp());
                if (folded >= load.Records) break;
                if (feeding.IsFaulted) await feeding;
                if (limit.Elapsed > Timeout)
                {
                    throw new CommandException(
                        ExitCode.NoNode,
                        $"Only {folded} of {load.Records} records came in. {string.Join(", ", node.Connectors?.Status ?? [])}");
                }

                await Task.Delay(2, cancellation);
            }

            var elapsed = Stopwatch.GetElapsedTime(begun);
            await feeding;
            return (load.Records - first) / Math.Max(elapsed.TotalSeconds, 1e-3);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The connector settings. Topic ids are off, because this mock cluster has no controller to query.</summary>
    private static string SettingsOf(string brokers, string group) =>
        """
            {"connectors":{"rate":{"kind":"kafka","direction":"in","brokers":"BROKERS","topics":"TOPIC","group":"GROUP",
              "topic_ids":false,"time_unit":"s"}}}
            """
            .Replace("BROKERS", brokers, StringComparison.Ordinal).Replace("TOPIC", Topic, StringComparison.Ordinal)
            .Replace("GROUP", group, StringComparison.Ordinal);

    /// <summary>Sends the same lines over as many connections as there are partitions.</summary>
    private static Task SendAsync(Node node, Load load, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, load.Partitions).Select(part => SendAsync(node, load, part, cancellation)));

    private static async Task SendAsync(Node node, Load load, int part, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(node.Ingest.Address, cancellation);
        var stream = client.GetStream();
        var acks = ReadAcksAsync(stream, cancellation);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{{\"hello\":\"tcp-{part}\",\"time_unit\":\"s\"}}\n"), cancellation);
        foreach (var piece in load.Lines(part).Chunk(1_000))
            await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', piece) + "\n"), cancellation);
        client.Client.Shutdown(SocketShutdown.Send);
        await acks;
    }

    private static async Task ReadAcksAsync(Stream stream, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("{\"error\"", StringComparison.Ordinal)) throw new CommandException(ExitCode.NoNode, line);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Canonical ticks with seqs; all records of a symbol are in one partition.</summary>
    private sealed record Load(int Records, int Symbols, int Partitions)
    {
        public IEnumerable<string> Lines(int part)
        {
            for (var i = part; i < Records; i += Partitions)
            {
                var (symbol, seq) = ((i / Partitions % Math.Max(1, Symbols / Partitions) * Partitions) + part, i / Partitions);
                var (time, price, size) = (1_720_522_800 + (i / 1_000), 100 + (i * 37L % 5_000 / 100.0), 1 + (i % 9));
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{\"symbol\":\"S{symbol}\",\"ts\":{time},\"price\":{price},\"size\":{size},\"seq\":{seq}}}");
            }
        }
    }

    /// <summary>The mock cluster inside a producer; other clients use its addresses.</summary>
    private sealed class MockBrokers : IDisposable
    {
        private readonly IProducer<Null, byte[]> producer;

        public MockBrokers(int partitions)
        {
            var config = new ProducerConfig
            {
                BootstrapServers = "", LingerMs = 20, CompressionType = CompressionType.Lz4,
                QueueBufferingMaxMessages = 2_000_000, AllowAutoCreateTopics = true,
            };
            config.Set("test.mock.num.brokers", "3");
            config.Set("test.mock.broker.rtt", "0");
            config.Set("log_level", "2");
            producer = new ProducerBuilder<Null, byte[]>(config).Build();
            using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
            var limit = TimeSpan.FromSeconds(30);
            Address = string.Join(',', admin.GetMetadata(limit).Brokers.Select(static broker => $"{broker.Host}:{broker.Port}"));
            var found = admin.GetMetadata(Topic, limit).Topics[0].Partitions.Count;
            if (found < partitions) throw new CommandException(ExitCode.Usage, $"--partitions is {found} at most.");
        }

        public string Address { get; }

        /// <summary>Produces all records; returns when the brokers have stored them.</summary>
        public async Task FillAsync(Load load, CancellationToken cancellation)
        {
            await Task.WhenAll(Enumerable.Range(0, load.Partitions).Select(part => Task.Run(() =>
            {
                foreach (var line in load.Lines(part))
                {
                    var message = new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(line) };
                    while (!TryProduce(new TopicPartition(Topic, part), message)) producer.Poll(TimeSpan.FromMilliseconds(10));
                }
            }, cancellation)));
            producer.Flush(Timeout);
        }

        public void Dispose() => producer.Dispose();

        private bool TryProduce(TopicPartition place, Message<Null, byte[]> message)
        {
            try
            {
                producer.Produce(place, message);
                return true;
            }
            catch (ProduceException<Null, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                return false;
            }
        }
    }
}
