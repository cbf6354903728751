using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web;

/// <summary>The cluster endpoints of a single node report a cluster of one.</summary>
public sealed class OverviewEndpointTests : IAsyncLifetime
{
    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync();

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task NodeAlone_IsAClusterOfOne_AndItsPartitionsAreItsShards()
    {
        await node.PostAsync("/ingest", """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""");
        var cluster = await node.GetAsync("/cluster");
        await OpenApiTests.CheckAsync(node, "/cluster", cluster);

        var address = node.Node.Http[0].Authority;
        Assert.Equal(("embedded", null), (cluster.GetProperty("engine").GetString(), cluster.GetProperty("name").GetString()));
        Assert.Equal((address, address), (cluster.GetProperty("self").GetString(), cluster.GetProperty("oldest").GetString()));
        var only = Assert.Single(cluster.GetProperty("nodes").EnumerateArray());
        Assert.Equal(
            (address, "up", "ready"),
            (only.GetProperty("node").GetString(), only.GetProperty("membership").GetString(), only.GetProperty("status").GetString()));
        Assert.Equal((true, true), (only.GetProperty("reachable").GetBoolean(), only.GetProperty("answers").GetBoolean()));
        Assert.Equal(node.Node.Http[0].ToString().TrimEnd('/'), only.GetProperty("http").GetString());
        Assert.Equal(node.Node.Ingest.Address.ToString(), only.GetProperty("ticks").GetString());
        Assert.Equal(
            (1, 1, 0),
            (only.GetProperty("symbols").GetInt32(), only.GetProperty("records").GetInt32(), only.GetProperty("connections").GetInt32()));
        Assert.Equal(Environment.ProcessId, only.GetProperty("process").GetInt32());
        Assert.True(only.GetProperty("memory_bytes").GetInt64() > 1_000_000);
        Assert.InRange(only.GetProperty("started").GetDateTime(), DateTime.UtcNow.AddMinutes(-10), DateTime.UtcNow);
        Assert.Empty(cluster.GetProperty("singletons").EnumerateArray());
        Assert.Empty(cluster.GetProperty("silent").EnumerateArray());
        Assert.Empty(cluster.GetProperty("events").EnumerateArray());

        Assert.Equal("partition", cluster.GetProperty("region").GetString());
        var partitions = (await node.GetAsync("/partitions")).GetProperty("partitions");
        Assert.Equal(partitions.GetArrayLength(), cluster.GetProperty("shard_count").GetInt32());
        Assert.Equal(
            partitions.EnumerateArray().Select(part =>
                (part.GetProperty("partition").GetInt32(), part.GetProperty("symbols").GetInt32(), part.GetProperty("records").GetInt64())),
            cluster.GetProperty("shards").EnumerateArray()
                .Select(shard => (shard.GetProperty("shard").GetInt32(), shard.GetProperty("symbols").GetInt32(),
                    shard.GetProperty("records").GetInt64())));
        Assert.All(cluster.GetProperty("shards").EnumerateArray(), shard => Assert.Equal(address, shard.GetProperty("owner").GetString()));
    }

    [Fact]
    public async Task Journal_TellsItsHealth_AndHowLongCommitsTook()
    {
        await node.PostAsync("/ingest", """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""");
        var cluster = await node.GetAsync("/cluster");
        foreach (var journal in new[] { cluster.GetProperty("journal"), cluster.GetProperty("nodes")[0].GetProperty("journal") })
        {
            Assert.Equal(JsonValueKind.Null, journal.GetProperty("fault").ValueKind);
            Assert.True(journal.GetProperty("commits").GetInt64() > 0);
            var (half, most) = (journal.GetProperty("p50_seconds").GetDouble(), journal.GetProperty("p99_seconds").GetDouble());
            Assert.True(half > 0 && most >= half);
        }

        Assert.Equal(node.Node.Journal.Location, cluster.GetProperty("journal").GetProperty("location").GetString());
    }

    [Fact]
    public async Task Rejects_AreToldNewestFirst_WithAdviceAndInput_AndByReasonAndSource()
    {
        await node.PostAsync(
            "/ingest?source=desk", """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":-3,"size":1,"seq":7}""",
            HttpStatusCode.UnprocessableEntity);
        await node.PostAsync("/ingest?source=desk", "{\"symbol\":\"AAPL\u0001", HttpStatusCode.UnprocessableEntity);
        await node.PostAsync(
            "/ingest?source=other", """{"symbol":"MSFT","ts":"2024-07-09T14:30:00Z","price":0,"size":1}""",
            HttpStatusCode.UnprocessableEntity);

        var answer = await node.GetAsync("/rejects");
        await OpenApiTests.CheckAsync(node, "/rejects", answer);
        Assert.Empty(answer.GetProperty("silent").EnumerateArray());
        var rejects = answer.GetProperty("rejects").EnumerateArray().ToList();
        Assert.Equal([3, 2, 1], rejects.Select(one => one.GetProperty("number").GetInt32()));
        Assert.All(rejects, one => Assert.Equal(node.Node.Http[0].Authority, one.GetProperty("node").GetString()));
        var first = rejects[2];
        Assert.Equal(
            ("price_not_positive", "price", "-3", "desk", 7, "AAPL", "http"),
            (Text(first, "reason"), Text(first, "field"), Text(first, "value"), Text(first, "source"), first.GetProperty("seq").GetInt32(),
                Text(first, "symbol"), Text(first, "door")));
        Assert.StartsWith("Prices must be above zero", Text(first, "advice"), StringComparison.Ordinal);
        Assert.Contains("\"price\":-3", Text(first, "raw"), StringComparison.Ordinal);
        Assert.Equal(
            ("malformed", "{\"symbol\":\"AAPL\u0001", 1),
            (Text(rejects[1], "reason"), Text(rejects[1], "raw"), rejects[1].GetProperty("place").GetInt32()));

        Assert.Equal([3], await NumbersAsync("?limit=1"));
        Assert.Equal([3, 1], await NumbersAsync("?reason=price_not_positive"));
        Assert.Equal([2, 1], await NumbersAsync("?source=desk"));
        Assert.Equal([1], await NumbersAsync("?source=desk&reason=price_not_positive"));
        Assert.Empty(await NumbersAsync("?reason=time_ahead"));
    }

    [Theory]
    [InlineData("/rejects?limit=0", "limit")]
    [InlineData("/rejects?limit=1001", "limit")]
    [InlineData("/rejects?reason=bad", "reason")]
    [InlineData("/rejects?source=%22", "source")]
    [InlineData("/cluster?after=-1", "after")]
    [InlineData("/ledger?nodes=some", "nodes")]
    [InlineData("/connections?nodes=1", "nodes")]
    public async Task ParameterThatIsWrong_IsNamed(string path, string name)
    {
        var problem = await node.GetAsync(path, HttpStatusCode.BadRequest);
        Assert.Equal("bad_parameter", Text(problem, "code"));
        Assert.StartsWith(name + ":", Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LedgerOfAllNodes_OfANodeAlone_IsItsOwn()
    {
        await node.PostAsync(
            "/ingest?source=desk",
            """[{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1},{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":-1,"size":1}]""");
        await node.PostAsync("/ingest?source=desk", "no json", HttpStatusCode.BadRequest);
        var (own, all) = (await node.GetAsync("/ledger"), await node.GetAsync("/ledger?nodes=all"));
        await OpenApiTests.CheckAsync(node, "/ledger", all);
        foreach (var name in (string[])["sources", "total", "balanced"])
        {
            Assert.Equal(own.GetProperty(name).GetRawText(), all.GetProperty(name).GetRawText());
            Assert.Equal(own.GetProperty(name).GetRawText(), all.GetProperty("nodes")[0].GetProperty(name).GetRawText());
        }

        Assert.False(own.TryGetProperty("nodes", out _));
        Assert.True(all.GetProperty("balanced").GetBoolean());
    }

    [Fact]
    public async Task Connection_TellsItsLag_AndItsLastAck()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(node.Node.Ingest.Address);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            "{\"hello\":\"desk\"}\n{\"symbol\":\"AAPL\",\"ts\":\"2024-07-09T14:30:00Z\",\"price\":99,\"size\":1,\"seq\":12}\n"));
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        JsonElement connection;
        do
        {
            await Task.Delay(20, patience.Token);
            connection = (await node.GetAsync("/connections")).GetProperty("connections").EnumerateArray().SingleOrDefault();
        }
        while (connection.ValueKind == JsonValueKind.Undefined || !connection.TryGetProperty("last_ack", out _)); // until it is written

        Assert.Equal(
            ("desk", 12, 0),
            (Text(connection, "source"), connection.GetProperty("acked_seq").GetInt32(),
                connection.GetProperty("lag_seconds").GetDouble()));
        Assert.True(connection.GetProperty("last_ack").GetDateTime() >= connection.GetProperty("since").GetDateTime());
        Assert.False(connection.TryGetProperty("node", out _));
        var all = await node.GetAsync("/connections?nodes=all");
        await OpenApiTests.CheckAsync(node, "/connections", all);
        Assert.Equal(node.Node.Http[0].Authority, Text(Assert.Single(all.GetProperty("connections").EnumerateArray()), "node"));
        Assert.Equal(1, (await node.GetAsync("/cluster")).GetProperty("nodes")[0].GetProperty("connections").GetInt32());
    }

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();

    private async Task<IEnumerable<int>> NumbersAsync(string query) =>
        [.. (await node.GetAsync("/rejects" + query)).GetProperty("rejects").EnumerateArray()
            .Select(one => one.GetProperty("number").GetInt32())];
}
