using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTrading.Connectors.Tests.Redis;
using ActorTrading.TestKit;
using StackExchange.Redis;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A node in its own process between streams and lists of a real Redis, killed while records arrive.</summary>
public sealed class RedisNodeTests : IDisposable
{
    private const int Ticks = 20_000;

    private const string Plan = """
        {"frames":["tick","1min"],"indicators":["ema(5)","sma(8)"],
         "rules":["buy when close > ema(5) on tick","sell when close < sma(8) on 1min"]}
        """;

    private readonly TemporaryFolder folder = new();
    private NodeProcess? node;

    public void Dispose()
    {
        node?.Dispose();
        folder.Dispose();
    }

    [SkippableTheory]
    [InlineData("cluster", true)]
    [InlineData("embedded", true)]
    [InlineData("embedded", false)]
    public async Task NodeThatIsKilledUnderLoad_EndsInTheStateOfTheBacktest_AndSendsEachSignalOnce(string engine, bool isStream)
    {
        if (isStream) LongTests.SkipInShortRun();
        Skip.If(RedisProcess.Missing is not null, RedisProcess.Missing);
        using var redis = await RedisProcess.StartAsync();
        var messages = await MarketAsync(isStream);
        var plan = folder.Write("plan.json", Plan);
        var backtest =
            await Cli.Run(
                "backtest", folder.File("identified.ndjson"), "--json", "--plan", plan, "--signals-out", folder.File("expected.ndjson"));
        Assert.True(backtest.ExitCode == 0, backtest.Error);
        var expected = JsonDocument.Parse(backtest.Output).RootElement.GetProperty("state_hash").GetString();
        var address = redis.Address;
        folder.Write("node.json", $$$"""
            {"connectors":{
              "in":{"kind":"redis","direction":"in","address":"{{{address}}}","{{{(isStream ? "streams" : "lists")}}}":["market"],"batch":200},
              "out":{"kind":"redis","direction":"out","address":"{{{address}}}","results":"signals","from":"first","stream":"signals","latest":"latest"}
            }}
            """);

        var port = FreePort.Next();
        await StartAsync(port, engine);
        var feed = FeedAsync(redis, messages, isStream);
        var random = new Random(7);
        var kills = 0;
        for (; kills < 3; kills++)
        {
            // Killed at some moment of its work: when the journal has grown by a number of bytes.
            var journal = node!.JournalBytes + random.Next(100_000, 500_000);
            while (node.JournalBytes < journal && !await IsSettledAsync(redis, isStream)) await Task.Delay(1);
            if (await IsSettledAsync(redis, isStream)) break;
            node.Kill();
            await StartAsync(port, engine);
        }

        Assert.NotEqual(0, kills);
        await feed;
        var signals = File.ReadLines(folder.File("expected.ndjson"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!).ToList();
        Assert.NotEmpty(signals);
        while (!await IsSettledAsync(redis, isStream)) await Task.Delay(10);
        while (await redis.Client.StreamLengthAsync("signals") < signals.Count) await Task.Delay(10);
        var last = await node!.StopAsync();

        Assert.True(last.ExitCode == 0, last.Error);
        Assert.DoesNotContain("NOT BALANCED", last.Output);
        Assert.Equal(expected, NodeProcess.HashOf(last));
        var sent = await redis.Client.StreamRangeAsync("signals");
        Assert.Equal(signals.Order(), sent.Select(entry => (string)entry["id"]!).Order());
        Assert.Equal(
            Enumerable.Range(1, signals.Count).Select(position => $"{position}"), sent.Select(entry => (string)entry["position"]!));
        var newest = sent[^1];
        Assert.Equal(newest["message"], await redis.Client.HashGetAsync($"latest:{newest["symbol"]}", "signal"));
    }

    private async Task StartAsync(int port, string engine) =>
        node = await NodeProcess.StartAsync(
            folder.File("data"), port, engine, "--config", folder.File("node.json"), "--plan", folder.File("plan.json"));

    /// <summary>The messages of a market as sent, and in a file with the identities that they get.</summary>
    private async Task<List<string>> MarketAsync(bool isStream)
    {
        var generated = await Cli.Run(
            "generate", "--ticks", $"{Ticks}", "--symbols", "30", "--kinds", "all", "--disorder", "--gaps", "--burst",
            "--format", "ndjson", "--out", folder.File("market.ndjson"));
        Assert.True(generated.ExitCode == 0, generated.Error);
        var messages = File.ReadLines(folder.File("market.ndjson")).ToList();
        File.WriteAllLines(folder.File("identified.ndjson"), messages.Select((message, i) =>
        {
            var record = JsonNode.Parse(message)!.AsObject();
            (record["source"], record["epoch"], record["seq"]) = ("redis/market", 0, isStream ? (i + 1) * 1_000_000L : i + 1);
            return record.ToJsonString();
        }));
        return messages;
    }

    private static async Task FeedAsync(RedisProcess redis, List<string> messages, bool isStream)
    {
        foreach (var chunk in messages.Index().Chunk(100))
        {
            await Task.WhenAll(chunk.Select(one => isStream
                ? (Task)redis.Client.StreamAddAsync("market", [new NameValueEntry("message", one.Item)], $"{one.Index + 1}-0")
                : redis.Client.ListRightPushAsync("market", one.Item)));
        }
    }

    private static async Task<bool> IsSettledAsync(RedisProcess redis, bool isStream) =>
        await redis.Client.HashGetAsync("{market}:actortrading:state", isStream ? "cursor" : "done")
            == (isStream ? $"{Ticks}-0" : $"{Ticks}");
}
