using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Connectors.Tests.Kafka;
using ActorTrading.TestKit;
using Confluent.Kafka;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>
/// A cluster between two topics: its nodes share the partitions of one, and one of them sends to the other. That node is killed, and the
/// next one is drained.
/// </summary>
[Collection("ports of a cluster")]
public sealed class KafkaClusterTests : IDisposable
{
    private const int Partitions = 6;
    private const int OfEach = 1_000; // messages of a partition while a node ends
    private const int Piece = 100;

    private const string Plan = """{"frames":["1min"],"indicators":["sma(3)"],"rules":["buy when close crosses above sma(3) on tick"]}""";

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(4);

    private readonly TemporaryFolder folder = new();
    private readonly KafkaMockCluster brokers = new(3);
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly CancellationTokenSource patience = new(WaitTimeout);
    private int produced;

    public void Dispose()
    {
        patience.Dispose();
        http.Dispose();
        brokers.Dispose();
        folder.Dispose();
    }

    [SkippableFact]
    public async Task NodesThatAreKilledAndDrained_LeavePartitionsAndResultsToTheOthers_AndNothingIsLostOrDoubled()
    {
        LongTests.SkipInShortRun();
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        brokers.CreateTopic("ticks", Partitions);
        brokers.CreateTopic("signals", 3);
        var settings = folder.Write("node.json", """
            {
              "connectors": {
                "market": {
                  "kind": "kafka", "direction": "in", "brokers": "BROKERS", "topics": ["ticks"], "group": "g", "time_unit": "s",
                  "librdkafka": { "session.timeout.ms": "1500", "heartbeat.interval.ms": "200" }
                },
                "results": { "kind": "kafka", "direction": "out", "brokers": "BROKERS", "results": "signals", "from": "first" }
              }
            }
            """.Replace("BROKERS", brokers.Brokers, StringComparison.Ordinal));
        var plan = folder.Write("plan.json", Plan);
        using var cluster = await ClusterProcess.StartAsync("--data", folder.File("cluster"), "--config", settings, "--plan", plan);
        await UntilAsync(
            async () => (await PhasesAsync(cluster, "market")).All(node => node.Phase == "running"), "every node is in the group");
        do await ProduceAsync(Piece);
        while (!(await ConnectorsAsync(cluster, "market")).All(node => node.Connector.GetProperty("messages").GetInt64() > 0));
        await CommittedAsync();

        // Killed under load, with pending messages in both directions.
        var sender = await SenderAsync(cluster);
        var producing = ProduceAsync(OfEach);
        Assert.Equal(0, (await Cli.Run("cluster", "kill", $"{sender}", "--data", folder.File("cluster"))).ExitCode);
        cluster.Nodes.Remove(sender);
        await producing;
        await CommittedAsync();

        var next = await SenderAsync(cluster);
        producing = ProduceAsync(OfEach);
        Assert.Equal(0, (await Cli.Run("cluster", "drain", $"{next}", "--data", folder.File("cluster"))).ExitCode);
        cluster.Nodes.Remove(next);
        await producing;
        await CommittedAsync();
        var last = Assert.Single(cluster.Nodes);
        Assert.Equal(last.Key, await SenderAsync(cluster));

        var ledger = JsonDocument.Parse(await http.GetStringAsync(new Uri(last.Value.Api, "ledger"))).RootElement;
        Assert.True(ledger.GetProperty("balanced").GetBoolean());
        Assert.Equal(0, ledger.GetProperty("total").GetProperty("rejected").GetInt64());
        var identity = ledger.GetProperty("sources")[0].GetProperty("source").GetString()!.Split('@')[1];
        var expected = await BacktestAsync(identity, plan);
        var state = JsonDocument.Parse(await http.GetStringAsync(new Uri(last.Value.Api, "state-hash"))).RootElement;
        Assert.Equal(expected.Hash, state.GetProperty("state_hash").GetString());

        Assert.True(expected.Signals.Count > 100, $"{expected.Signals.Count} signals");
        await UntilAsync(() => Task.FromResult(Sent().Count >= expected.Signals.Count), "all signals are sent");
        var sent = Sent();
        Assert.Equal(expected.Signals.Select(signal => signal.Id).Order(), sent.Select(IdOf).Order());
        foreach (var key in sent.GroupBy(message => Encoding.UTF8.GetString(message.Message.Key)))
            Assert.Equal(expected.Signals.Where(signal => signal.Symbol == key.Key).Select(signal => signal.Id), key.Select(IdOf));
        Assert.Equal(0, (await cluster.StopAsync()).ExitCode);
    }

    private static string IdOf(ConsumeResult<byte[], byte[]> message) =>
        Encoding.UTF8.GetString(message.Message.Headers.GetLastBytes("id"));

    private static string LineOf(int partition, int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"symbol\":\"P{partition}S{i % 5}\",\"ts\":{1_720_522_800 + (i / 5)},\"price\":{100 + (i * 7919 % 13)},\"size\":1}}");

    /// <summary>The results on the topic, each once.</summary>
    private List<ConsumeResult<byte[], byte[]>> Sent() => [.. brokers.Read("signals").DistinctBy(IdOf)];

    /// <summary>A number of additional messages on each partition.</summary>
    private async Task ProduceAsync(int count)
    {
        for (var end = produced + count; produced < end; produced += Piece)
        {
            await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition =>
                brokers.ProduceAsync("ticks", partition, Enumerable.Range(produced, Piece).Select(i => LineOf(partition, i)))));
        }
    }

    private Task CommittedAsync() => UntilAsync(
        () => Task.FromResult(Enumerable.Range(0, Partitions).All(partition => brokers.Committed("g", "ticks", partition) == produced)),
        $"{produced} messages of each partition are committed");

    /// <summary>The node that sends results.</summary>
    private async Task<int> SenderAsync(ClusterProcess cluster)
    {
        List<(int Number, string Phase)> phases = [];
        await UntilAsync(
            async () => (phases = await PhasesAsync(cluster, "results")).Count(node => node.Phase == "running") == 1
                && phases.All(node => node.Phase is "running" or "standby"),
            "one node sends, and the others stand by");
        return phases.Single(node => node.Phase == "running").Number;
    }

    private async Task<List<(int Number, string Phase)>> PhasesAsync(ClusterProcess cluster, string name) =>
        [.. (await ConnectorsAsync(cluster, name)).Select(node => (node.Number, node.Connector.GetProperty("phase").GetString()!))];

    private async Task<List<(int Number, JsonElement Connector)>> ConnectorsAsync(ClusterProcess cluster, string name)
    {
        var all = new List<(int, JsonElement)>();
        foreach (var (number, node) in cluster.Nodes)
        {
            var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(node.Api, "connectors"))).RootElement;
            all.Add((number, answer.GetProperty("connectors").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name)));
        }

        return all;
    }

    /// <summary>State and signals of the same ticks, read from a file.</summary>
    private async Task<(string Hash, List<(string Id, string Symbol)> Signals)> BacktestAsync(string identity, string plan)
    {
        await using (var market = File.CreateText(folder.File("market.ndjson")))
        {
            for (var i = 0; i < produced; i++)
            {
                for (var partition = 0; partition < Partitions; partition++)
                    await market.WriteLineAsync($"{LineOf(partition, i)[..^1]},\"source\":\"ticks/{partition}@{identity}\",\"seq\":{i}}}");
            }
        }

        var run = await Cli.Run(
            "backtest", folder.File("market.ndjson"), "--json", "--time-unit", "s", "--plan", plan, "--signals-out",
            folder.File("expected.ndjson"));
        Assert.True(run.ExitCode == 0, run.Error);
        var signals = (await File.ReadAllLinesAsync(folder.File("expected.ndjson"))).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(signal => (signal.GetProperty("id").GetString()!, signal.GetProperty("symbol").GetString()!)).ToList();
        return (JsonDocument.Parse(run.Output).RootElement.GetProperty("state_hash").GetString()!, signals);
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        try
        {
            while (!await condition()) await Task.Delay(200, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not happen: {what}");
        }
    }
}
