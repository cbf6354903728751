using System.Globalization;
using System.Text.Json;
using ActorTrading.Connectors.Tests.Kafka;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A node in its own process that reads from Kafka, and is killed while messages arrive.</summary>
public sealed class KafkaTests : IDisposable
{
    private const int Partitions = 3;
    private const int OfEach = 60_000;

    private readonly TemporaryFolder folder = new();
    private readonly KafkaMockCluster cluster = new(3);
    private NodeProcess? node;

    public void Dispose()
    {
        node?.Dispose();
        cluster.Dispose();
        folder.Dispose();
    }

    [SkippableTheory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task NodeThatIsKilledUnderLoad_EndsInTheStateOfTheBacktest(string engine)
    {
        if (engine == "cluster") LongTests.SkipInShortRun();
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        cluster.CreateTopic("ticks", Partitions);
        var settings = folder.Write("node.json", $$"""
            {"connectors":{"market":{"kind":"kafka","direction":"in","brokers":"{{cluster.Brokers}}","topics":["ticks"],"group":"g","time_unit":"s",
              "in_flight":20000,"librdkafka":{"session.timeout.ms":"1500","heartbeat.interval.ms":"200"} } } }
            """);
        node = await NodeProcess.StartAsync(folder.File("data"), 0, engine, "--config", settings);
        var producing = Task.Run(() => Task.WhenAll(Enumerable.Range(0, Partitions).Select(ProduceAsync)));
        var random = new Random(7);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        for (var kills = 0; kills < 3; kills++)
        {
            // Killed at some moment of its work: when the journal has grown by a number of bytes.
            var journal = node.JournalBytes + random.Next(200_000, 700_000);
            while (node.JournalBytes < journal) await Task.Delay(1, patience.Token);
            node.Kill();
            node = await NodeProcess.StartAsync(folder.File("data"), 0, engine, "--config", settings);
        }

        await producing;
        using var http = new HttpClient { BaseAddress = node.Http };
        while (Enumerable.Range(0, Partitions).Any(partition => cluster.Committed("g", "ticks", partition) != OfEach))
            await Task.Delay(100, patience.Token);
        await cluster.ProduceAsync("ticks", 0, [LineOf(0, OfEach)]); // so that its last run has a new record
        while (cluster.Committed("g", "ticks") != OfEach + 1) await Task.Delay(50, patience.Token);

        var ledger = JsonDocument.Parse(await http.GetStringAsync(new Uri("/ledger", UriKind.Relative))).RootElement.GetProperty("sources");
        foreach (var line in ledger.EnumerateArray())
        {
            Assert.Equal(Of("received"), Of("applied") + Of("late") + Of("duplicate") + Of("rejected"));
            Assert.Equal(0, Of("rejected"));
            long Of(string name) => line.GetProperty(name).GetInt64();
        }

        var connectors = JsonDocument.Parse(await http.GetStringAsync(new Uri("/connectors", UriKind.Relative)));
        var connector = connectors.RootElement.GetProperty("connectors")[0];
        Assert.Equal("running", connector.GetProperty("phase").GetString());
        var last = await node.StopAsync();
        Assert.Equal(0, last.ExitCode);
        Assert.DoesNotContain("NOT BALANCED", last.Output);

        // The part of its sources that distinguishes the topic from another one of its name.
        var identity = ledger[0].GetProperty("source").GetString()!.Split('@')[1];
        using (var market = File.CreateText(folder.File("market.ndjson")))
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                for (var i = 0; i < OfEach + (partition == 0 ? 1 : 0); i++)
                    market.WriteLine($"{LineOf(partition, i)[..^1]},\"source\":\"ticks/{partition}@{identity}\",\"seq\":{i}}}");
            }
        }

        var backtest = await Cli.Run("backtest", folder.File("market.ndjson"), "--json", "--time-unit", "s");
        Assert.True(backtest.ExitCode == 0, backtest.Error);
        Assert.Equal(JsonDocument.Parse(backtest.Output).RootElement.GetProperty("state_hash").GetString(), NodeProcess.HashOf(last));
        Assert.Equal(0, (await Cli.Run("verify", "--data", folder.File("data"))).ExitCode);
    }

    /// <summary>In pieces, so that there is work for some seconds.</summary>
    private async Task ProduceAsync(int partition)
    {
        for (var at = 0; at < OfEach; at += 2_000)
        {
            await cluster.ProduceAsync("ticks", partition, Enumerable.Range(at, 2_000).Select(i => LineOf(partition, i)));
            await Task.Delay(100);
        }
    }

    private static string LineOf(int partition, int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"symbol\":\"P{partition}S{i % 11}\",\"ts\":{1_720_522_800 + (i / 20)},"
        + $"\"price\":{100 + (i * 37 % 50)},\"size\":{1 + (i % 3)}}}");
}
