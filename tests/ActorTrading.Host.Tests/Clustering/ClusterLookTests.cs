using System.Net;
using System.Text.Json;
using ActorTrading.Cluster;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Nodes.Engines;
using Akka.Hosting;

namespace ActorTrading.Host.Tests.Clustering;

/// <summary>A cluster of one node: its report of shards, and when it is ready.</summary>
public sealed class ClusterLookTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(change: options => options with
    {
        Kind = EngineKind.Cluster, Cluster = options.Cluster with { Port = 0, Shards = 10 },
    });

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Shards_AreToldWithTheirOwner_AndPrintedByTheCommand()
    {
        await node.PostAsync("/ingest", """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""");
        JsonElement answer;
        using var patience = new CancellationTokenSource(Timeout);
        while ((answer = await node.GetAsync("/shards")).GetProperty("nodes").GetArrayLength() == 0) await Task.Delay(50, patience.Token);

        Assert.Empty(answer.GetProperty("silent").EnumerateArray());
        var shard = Assert.Single(answer.GetProperty("shards").EnumerateArray());
        Assert.Equal("symbol", shard.GetProperty("region").GetString());
        Assert.Equal(node.Node.Hosting!.Address, shard.GetProperty("owner").GetString());
        Assert.Equal(
            (1, 1, 0),
            (shard.GetProperty("symbols").GetInt32(), shard.GetProperty("records").GetInt32(), shard.GetProperty("moves").GetInt32()));
        Assert.Equal(("AAPL", 1), (shard.GetProperty("last_event").GetProperty("symbol").GetString(),
            shard.GetProperty("last_event").GetProperty("event").GetInt32()));
        await Web.OpenApiTests.CheckAsync(node, "/shards", answer);
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["shards", "--node", node.Node.Http[0].ToString()]));
    }

    [Fact]
    public async Task NodeWhoseRegionIsDead_IsNotReady_ButLives_AndARestartHelps()
    {
        Assert.Equal("ready", (await node.GetAsync("/health/ready")).GetProperty("status").GetString());
        var system = ((ClusterEngine)node.Node.Engine).System;
        system.Stop(ActorRegistry.For(system).Get<ActorKeys.Symbols>());

        await UntilAsync(HttpStatusCode.ServiceUnavailable, "cluster_unavailable");
        Assert.Equal("live", (await node.GetAsync("/health/live")).GetProperty("status").GetString());
        await node.RestartAsync();
        await UntilAsync(HttpStatusCode.OK, "ready");
    }

    [Fact]
    public async Task NodeWhoseJournalIsTakenAway_IsNotReadyUntilItIsBack()
    {
        var file = Path.Combine(node.Node.Options.Data, JournalStore.FileName);
        File.Move(file, file + ".away");
        await UntilAsync(HttpStatusCode.ServiceUnavailable, "journal_unavailable");
        Assert.Equal("live", (await node.GetAsync("/health/live")).GetProperty("status").GetString());

        File.Move(file + ".away", file);
        await UntilAsync(HttpStatusCode.OK, "ready");
    }

    private async Task UntilAsync(HttpStatusCode status, string said)
    {
        using var patience = new CancellationTokenSource(Timeout);
        while (true)
        {
            using var answer = await node.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), patience.Token);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
            if (answer.StatusCode == status && json.RootElement.GetProperty("status").GetString() == said) return;
            await Task.Delay(50, patience.Token);
        }
    }
}
