using System.Net;
using System.Text.Json;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Clustering;

/// <summary>Two nodes of a cluster, each with its own listeners: each reports on both.</summary>
public sealed class ClusterOverviewTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly List<RunningNode> nodes = [];

    public async Task InitializeAsync()
    {
        nodes.Add(await StartAsync());
        nodes.Add(await StartAsync());
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task EveryNode_IsToldByEach_WithWhereItAnswersAndHowItIs()
    {
        await nodes[0].PostAsync("/ingest", """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""");
        foreach (var asked in nodes)
        {
            var cluster = await asked.GetAsync("/cluster");
            await Web.OpenApiTests.CheckAsync(asked, "/cluster", cluster);
            Assert.Equal(("cluster", "trading", AddressOf(asked)), (Text(cluster, "engine"), Text(cluster, "name"), Text(cluster, "self")));
            Assert.Equal(AddressOf(nodes[0]), Text(cluster, "oldest"));
            Assert.Equal(100, cluster.GetProperty("shard_count").GetInt32());
            foreach (var node in nodes)
            {
                var told = cluster.GetProperty("nodes").EnumerateArray().Single(one => Text(one, "node") == AddressOf(node));
                Assert.Equal(
                    (node.Node.Http[0].ToString().TrimEnd('/'), "ready", "up"),
                    (Text(told, "http"), Text(told, "status"), Text(told, "membership")));
                Assert.Equal(node.Node.Ingest.Address.ToString(), Text(told, "ticks"));
            }

            Assert.All(cluster.GetProperty("singletons").EnumerateArray(), one => Assert.Equal(AddressOf(nodes[0]), Text(one, "node")));
            Assert.Equal(
                (await asked.GetAsync("/shards")).GetProperty("shards")[0].GetProperty("owner").GetString(),
                cluster.GetProperty("shards")[0].GetProperty("owner").GetString());
        }
    }

    [Fact]
    public async Task WhatOneNodeRefused_IsToldByTheOther_AndTheLedgersOfAllBalance()
    {
        await nodes[0].PostAsync(
            "/ingest?source=a",
            """[{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1},{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":-1,"size":1,"seq":5}]""");
        await nodes[1].PostAsync("/ingest?source=b", "{no json", HttpStatusCode.UnprocessableEntity);
        foreach (var asked in nodes)
        {
            var rejects = (await asked.GetAsync("/rejects")).GetProperty("rejects").EnumerateArray().ToList();
            Assert.Equal(
                [(AddressOf(nodes[1]), "malformed"), (AddressOf(nodes[0]), "price_not_positive")],
                rejects.Select(one => (Text(one, "node"), Text(one, "reason"))));
            Assert.Equal("{no json", Text(rejects[0], "raw"));
            Assert.Equal(5, rejects[1].GetProperty("seq").GetInt32());

            var ledger = await asked.GetAsync("/ledger?nodes=all");
            Assert.True(ledger.GetProperty("balanced").GetBoolean());
            Assert.Equal([("a", 2L, 1L), ("b", 1L, 1L)], Lines(ledger));
            Assert.Equal(
                [("a", 2L, 1L)],
                Lines(ledger.GetProperty("nodes").EnumerateArray().Single(one => Text(one, "node") == AddressOf(nodes[0]))));
            Assert.Equal(
                [("b", 1L, 1L)],
                Lines(ledger.GetProperty("nodes").EnumerateArray().Single(one => Text(one, "node") == AddressOf(nodes[1]))));
        }
    }

    [Fact]
    public async Task NodeThatLeaves_IsGoneFromTheAnswer_AndInItsHistory()
    {
        var gone = AddressOf(nodes[1]);
        var before = (await nodes[0].GetAsync("/cluster")).GetProperty("last_event").GetInt64();
        await nodes[1].Node.StopAsync();
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        JsonElement cluster;
        while ((cluster = await nodes[0].GetAsync($"/cluster?after={before}")).GetProperty("nodes").GetArrayLength() > 1)
            await Task.Delay(50, patience.Token);

        var events = cluster.GetProperty("events").EnumerateArray().ToList();
        Assert.All(events, one => Assert.True(one.GetProperty("number").GetInt64() > before));
        Assert.Contains(events, one => (Text(one, "event"), Text(one, "node")) == ("removed", gone));
        Assert.Equal(events[^1].GetProperty("number").GetInt64(), cluster.GetProperty("last_event").GetInt64());
        Assert.Empty((await nodes[0].GetAsync($"/cluster?after={cluster.GetProperty("last_event").GetInt64()}")).GetProperty("events")
            .EnumerateArray());
    }

    private static string AddressOf(RunningNode node) => node.Node.Hosting!.Address!;

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();

    private static IEnumerable<(string?, long, long)> Lines(JsonElement ledger) => ledger.GetProperty("sources").EnumerateArray()
        .Select(line => (Text(line, "source"), line.GetProperty("received").GetInt64(), line.GetProperty("rejected").GetInt64()));

    private Task<RunningNode> StartAsync() => RunningNode.StartAsync(change: options => options with
    {
        Kind = EngineKind.Cluster,
        Journal = folder.File("journal.db"),
        Cluster = options.Cluster with { Port = 0, Seeds = nodes.Count == 0 ? [] : [AddressOf(nodes[0])] },
    });
}
