using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Clustering;

/// <summary>Nodes without listeners.</summary>
public sealed class ClusterRoleTests
{
    [Fact]
    public async Task NodeWithoutTheRole_OpensNoDoor_AndSaysWhoHasOne()
    {
        await using var inner = await StartAsync(["symbols", "admin"]);
        Assert.Null(inner.Node.Ingest.Listener); // there is no port
        Assert.Empty((await RefusedAsync(inner, HttpMethod.Post, "/ingest", "ingest")).EnumerateArray());
        Assert.Empty((await inner.GetAsync("/connections")).GetProperty("connections").EnumerateArray());
        Assert.Equal(NodePhase.Ready, inner.Node.Phase);
        foreach (var open in new[] { "/health/live", "/symbols", "/ledger", "/partitions" }) await inner.GetAsync(open);

        await using var door = await StartAsync(["ingest", "gateway"], inner);
        var address = door.Node.Hosting!.Address!;
        await Until.True(() => inner.Node.Hosting!.NodesWith(Role.Gateway).Count == 1, "they know each other");
        foreach (var (method, path, role) in new[]
        {
            (HttpMethod.Post, "/ingest", "ingest"), (HttpMethod.Post, "/", "ingest"), (HttpMethod.Get, "/signals", "gateway"),
            (HttpMethod.Get, "/events?topics=signals", "gateway"), (HttpMethod.Get, "/ws", "gateway"),
        }) Assert.Equal(address, Assert.Single((await RefusedAsync(inner, method, path, role)).EnumerateArray()).GetString());

        using var client = await TestKit.Ingest.LineClient.ConnectAsync(door.Node.Ingest.Address);
        await client.SendAsync("{\"hello\":\"feed-1\"}\n");
        await client.SendAsync(Ticks.Text(Ticks.Many(9)));
        await client.LineWithAsync("""{"ack":9,"handled":9}""");
        Assert.Equal(0, (await door.GetAsync("/signals?from=0")).GetProperty("signals").GetArrayLength());
        Assert.Equal(3, (await inner.GetAsync("/symbols")).GetProperty("symbols").GetArrayLength()); // hosted on that node only
    }

    private static async Task<JsonElement> RefusedAsync(RunningNode node, HttpMethod method, string path, string role)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await node.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("not_this_node", role), (problem.GetProperty("code").GetString(), problem.GetProperty("role").GetString()));
        return problem.GetProperty("nodes");
    }

    private static Task<RunningNode> StartAsync(IReadOnlyList<string> roles, RunningNode? first = null) =>
        RunningNode.StartAsync(null, options => options with
        {
            Kind = EngineKind.Cluster,
            Journal = first?.Node.Journal.Location,
            Cluster = options.Cluster with { Port = 0, Roles = roles, Seeds = first is null ? [] : [first.Node.Hosting!.Address!] },
        });
}
