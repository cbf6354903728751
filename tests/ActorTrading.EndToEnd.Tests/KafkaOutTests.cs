using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Connectors.Tests.Kafka;
using ActorTrading.TestKit;
using Confluent.Kafka;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>
/// A node that sends its results to Kafka is killed repeatedly, and so are the brokers: nothing is lost, and duplicates have the same id.
/// </summary>
public sealed class KafkaOutTests
{
    private const long Start = 1_720_522_800;
    private const int Lines = 6_000;
    private const int Symbols = 5;

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);

    private const string Plan = """{"frames":["1min"],"indicators":["sma(3)"],"rules":["buy when close crosses above sma(3) on tick"]}""";

    [SkippableTheory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task EverySignalAndBar_IsOnItsTopic_AndOnceAfterRepeatsAreDropped_ThoughNodeAndBrokersAreKilled(string engine)
    {
        if (engine == "cluster") LongTests.SkipInShortRun();
        using var folder = new TemporaryFolder();
        using var cluster = new KafkaMockCluster(3);
        cluster.CreateTopic("signals", 3);
        cluster.CreateTopic("bars", 3);
        var config = folder.Write("node.json", """
            {
              "connectors": {
                "signals": { "kind": "kafka", "direction": "out", "brokers": "BROKERS", "results": "signals", "from": "first" },
                "bars": { "kind": "kafka", "direction": "out", "brokers": "BROKERS", "results": "bars", "from": "first" }
              }
            }
            """.Replace("BROKERS", cluster.Brokers, StringComparison.Ordinal));
        string[] options = ["--config", config, "--plan", folder.Write("plan.json", Plan)];
        var random = new Random(17);
        var sent = 0;
        for (var kill = 0; kill < 4; kill++)
        {
            using var node = await NodeProcess.StartAsync(folder.File("data"), 0, engine, options);
            if (kill == 1) cluster.SetDown();
            var sending = FeedAsync(node.Http, sent, Lines * (kill + 1) / 4);
            await Task.Delay(random.Next(100, 1_000));
            if (kill == 2) cluster.SetUp();
            node.Kill();
            sent = await sending;
        }

        using var last = await NodeProcess.StartAsync(folder.File("data"), 0, engine, options);
        Assert.Equal(Lines, await FeedAsync(last.Http, sent, Lines));
        var signals = await SignalsAsync(last.Http);
        for (var fired = await FiredAsync(last.Http); signals.Count < fired; signals = await SignalsAsync(last.Http)) await Task.Delay(100);
        Assert.True(signals.Count > 100);
        await UntilAsync(() => Distinct(cluster.Read("signals")).Count >= signals.Count);
        var read = cluster.Read("signals");
        Assert.Equal(signals.Select(signal => signal.Id).Order(), Distinct(read).Select(IdOf).Order());
        foreach (var key in Distinct(read).GroupBy(KeyOf))
            Assert.Equal(signals.Where(signal => signal.Symbol == key.Key).Select(signal => signal.Id), key.Select(IdOf));
        Assert.All(
            read.GroupBy(IdOf),
            same => Assert.Single(same.Select(message => Encoding.UTF8.GetString(message.Message.Value)).Distinct()));

        var bars = new List<string>();
        for (var i = 0; i < Symbols; i++) bars.AddRange(await BarsAsync(last.Http, $"S{i}"));
        Assert.True(bars.Count > 20);
        await UntilAsync(() => Distinct(cluster.Read("bars")).Count >= bars.Count);
        Assert.Equal(bars.Order(StringComparer.Ordinal), Distinct(cluster.Read("bars")).Select(IdOf).Order(StringComparer.Ordinal));
        var ended = await last.StopAsync();
        Assert.True(ended.ExitCode == 0, $"{ended.ExitCode}: {ended.Error}");
    }

    /// <summary>Sends lines from one number on while the node accepts them; returns how many are known to be durable.</summary>
    private static async Task<int> FeedAsync(Uri node, int from, int to)
    {
        const int Batch = 50;
        using var client = new HttpClient { BaseAddress = node, Timeout = WaitTimeout };
        try
        {
            for (; from < to; from += Batch)
            {
                var batch = Enumerable.Range(from, Math.Min(Batch, to - from)).Select(Line);
                using var response =
                    await client.PostAsync("ingest", new StringContent(string.Join('\n', batch), Encoding.UTF8, "application/x-ndjson"));
                if (!response.IsSuccessStatusCode) return from;
            }

            return to;
        }
        catch (HttpRequestException)
        {
            return from;
        }
    }

    private static string Line(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"symbol\":\"S{i % Symbols}\",\"ts\":{Start + (i / 5)},"
        + $"\"price\":{100 + (i * 7919 % 13)},\"size\":1,\"source\":\"test\",\"epoch\":1,\"seq\":{i + 1}}}");

    private static async Task<List<(string Id, string Symbol)>> SignalsAsync(Uri node)
    {
        using var client = new HttpClient { BaseAddress = node };
        var all = new List<(string, string)>();
        for (long next = 0, last = 1; next < last;)
        {
            var page = JsonSerializer.Deserialize<JsonElement>(
                await client.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"signals?from={next}&limit=1000")));
            all.AddRange(
                page.GetProperty("signals").EnumerateArray()
                .Select(one => (one.GetProperty("id").GetString()!, one.GetProperty("symbol").GetString()!)));
            (next, last) = (page.GetProperty("next").GetInt64(), page.GetProperty("last").GetInt64());
        }

        return all;
    }

    /// <summary>The number of signals that the symbols have fired, logged or not.</summary>
    private static async Task<long> FiredAsync(Uri node)
    {
        using var client = new HttpClient { BaseAddress = node };
        var symbols = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync("symbols"));
        return symbols.GetProperty("symbols").EnumerateArray().Sum(symbol => symbol.GetProperty("signals").GetInt64());
    }

    private static async Task<List<string>> BarsAsync(Uri node, string symbol)
    {
        using var client = new HttpClient { BaseAddress = node };
        var page = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync($"symbols/{symbol}/bars?frame=1min&limit=1000"));
        return [.. page.GetProperty("bars").EnumerateArray().Select(bar => $"{symbol}/1min/{bar.GetProperty("open_time").GetString()}")];
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(WaitTimeout);
        while (!isSo()) await Task.Delay(200, patience.Token);
    }

    private static List<ConsumeResult<byte[], byte[]>> Distinct(IEnumerable<ConsumeResult<byte[], byte[]>> messages) =>
        [.. messages.DistinctBy(IdOf)];

    private static string IdOf(ConsumeResult<byte[], byte[]> message) =>
        Encoding.UTF8.GetString(message.Message.Headers.GetLastBytes("id"));

    private static string KeyOf(ConsumeResult<byte[], byte[]> message) => Encoding.UTF8.GetString(message.Message.Key);
}
