using System.Net;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests.Security;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Web;

/// <summary>
/// Records over HTTP of a caller with a quota, and to a node whose disk is nearly full: the response says what was not accepted.
/// </summary>
public sealed class PaceTests
{
    private const string Rules =
        """
        {"tokens":[
          {"name":"slow","token":"slow-s3cr3t","sources":["*"],"limits":{"records_per_second":10}},
          {"name":"fast","token":"fast-s3cr3t","sources":["*"]},
          {"name":"ops","token":"ops-s3cr3t","read":["*"],"admin":true}]}
        """;

    private readonly ManualTime time = new();
    private long free = 10_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallerAboveItsQuota_IsToldHowMuchWasTaken_AndWhenToSendTheRest(bool isInCluster)
    {
        await using var node = await StartAsync(isInCluster);
        using var answer = await node.AskAsync("POST", "/ingest?source=a", "slow-s3cr3t", Lines(1, 25));
        var part = await RunningNode.ReadAsync(answer, HttpStatusCode.TooManyRequests);
        Assert.Equal("too_many_records", part.GetProperty("code").GetString());
        Assert.Equal((10, 10), (part.GetProperty("received").GetInt32(), part.GetProperty("applied").GetInt32()));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);

        var nothing = await node.JsonAsync("POST", "/ingest?source=a", "slow-s3cr3t", HttpStatusCode.TooManyRequests, Lines(11, 5));
        Assert.Equal(0, nothing.GetProperty("received").GetInt32());
        Assert.Equal(1_000, (await node.JsonAsync("POST", "/ingest?source=b", "fast-s3cr3t", HttpStatusCode.OK, Lines(1, 1_000, "B")))
            .GetProperty("applied").GetInt32());

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, (await node.JsonAsync("POST", "/ingest?source=a", "slow-s3cr3t", HttpStatusCode.OK, Lines(11, 10)))
            .GetProperty("applied").GetInt32());
        time.Advance(TimeSpan.FromSeconds(10));
        using (var client = await LineClient.ConnectAsync(node.Node.Ingest.Address)) // both listeners together
        {
            await client.SendAsync(Tokens.Lengthen("""{"hello":"a","token":"slow-s3cr3t"}""") + "\n" + Lines(21, 10));
            await client.LineWithAsync("\"ack\":30");
        }

        Assert.Equal(
            "too_many_records",
            await node.ErrorAsync("POST", "/ingest?source=a", "slow-s3cr3t", HttpStatusCode.TooManyRequests, Lines(31, 1)));
        Assert.All(await node.Node.Ingest.Running.LedgerAsync(default), line => Assert.True(line.IsBalanced && line.Rejected == 0));
        Assert.True(node.Node.Ingest.Delayed >= 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeWithALowDisk_TakesNothing_SaysSo_AnswersQueries_AndGoesOnByItself(bool isInCluster)
    {
        await using var node = await StartAsync(isInCluster);
        await node.JsonAsync("POST", "/ingest?source=a", "fast-s3cr3t", HttpStatusCode.OK, Lines(1, 10));
        free = 999;
        time.Advance(TimeSpan.FromSeconds(1));
        using (var answer = await node.AskAsync("POST", "/ingest?source=a", "fast-s3cr3t", Lines(11, 10)))
        {
            Assert.Equal(
                "disk_low", (await RunningNode.ReadAsync(answer, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        using var client = await LineClient.ConnectAsync(node.Node.Ingest.Address);
        await client.SendAsync(Tokens.Lengthen("""{"hello":"a","token":"fast-s3cr3t"}""") + "\n" + Lines(11, 10));
        await Until.True(() => node.Node.Ingest.Listener!.Connections is [{ InFlight: 1 }], "it waits");
        var ready = await node.JsonAsync("GET", "/health/ready", "ops-s3cr3t", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("disk_low", ready.GetProperty("status").GetString());
        Assert.Contains("999 bytes are free", ready.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var symbol = await node.JsonAsync("GET", "/symbols/A", "ops-s3cr3t");
        await node.JsonAsync("PUT", "/subscriptions/A", "ops-s3cr3t");
        var metrics = await MetricsAsync();
        Assert.Contains("actortrading_disk_low 1", metrics, StringComparison.Ordinal);
        Assert.Contains("actortrading_disk_free_bytes 999", metrics, StringComparison.Ordinal);

        free = 10_000;
        time.Advance(TimeSpan.FromSeconds(1));
        await client.LineWithAsync("\"ack\":20");
        await node.JsonAsync("GET", "/health/ready", "ops-s3cr3t");
        Assert.NotEqual(symbol.GetRawText(), (await node.JsonAsync("GET", "/symbols/A", "ops-s3cr3t")).GetRawText());
        Assert.Single(node.Log, line => line.StartsWith("113 ", StringComparison.Ordinal));
        Assert.Single(node.Log, line => line.StartsWith("114 ", StringComparison.Ordinal));
        Assert.Equal(20, (await node.Node.Ingest.Running.LedgerAsync(default)).Sum(line => line.Applied));

        async Task<string> MetricsAsync()
        {
            using var page = await node.AskAsync("GET", "/metrics", "ops-s3cr3t");
            return await page.Content.ReadAsStringAsync();
        }
    }

    private static string Lines(int first, int count, string symbol = "A") => string.Concat(Enumerable.Range(first, count).Select(seq =>
        $$"""{"symbol":"{{symbol}}","ts":"2024-07-08T14:{{seq / 60 % 60:00}}:{{seq % 60:00}}Z","price":{{100 + (seq % 7)}},"size":1,"seq":{{seq}}}"""
        + "\n"));

    private Task<GuardedNode> StartAsync(bool isInCluster) => GuardedNode.StartAsync(Rules, change: options => options with
    {
        Kind = isInCluster ? EngineKind.Cluster : EngineKind.Embedded, Cluster = options.Cluster with { Port = 0, Shards = 10 },
        Time = time, MinFreeDisk = 1_000, FreeDisk = _ => Interlocked.Read(ref free),
    });
}
