using System.Net;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Web;

public sealed class EngineEndpointTests : IAsyncLifetime
{
    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync();

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task NodeThatTakesTicks_LivesAndIsReady()
    {
        Assert.Equal("live", (await node.GetAsync("/health/live")).GetProperty("status").GetString());
        Assert.Equal("ready", (await node.GetAsync("/health/ready")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task WhoAsksForTheHeadOnly_GetsIt(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await node.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task EveryPathOfTheStartPage_IsThere()
    {
        var start = await node.GetAsync("/");

        Assert.Equal("embedded", start.GetProperty("engine").GetString());
        var routes = node.Node.Routes.Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).ToHashSet();
        Assert.All(start.GetProperty("paths").EnumerateArray(), path => Assert.Contains(path.GetString()!, routes));
    }

    [Fact]
    public async Task Shards_AreOfClusters() =>
        Assert.Equal("no_shards", (await node.GetAsync("/shards", HttpStatusCode.NotFound)).GetProperty("code").GetString());

    [Fact]
    public async Task FreshNode_HasABalancedLedgerOfNothing()
    {
        var ledger = await node.GetAsync("/ledger");

        Assert.Equal(0, ledger.GetProperty("total").GetProperty("received").GetInt64());
        Assert.True(ledger.GetProperty("balanced").GetBoolean());
    }

    [Fact]
    public async Task Partitions_AreThoseOfTheEngine() =>
        Assert.Equal(node.Node.Engine.Partitions.Count, (await node.GetAsync("/partitions")).GetProperty("partitions").GetArrayLength());

    [Fact]
    public async Task Plan_IsToldWithItsHash()
    {
        var plan = await node.GetAsync("/plan");

        Assert.Equal(node.Node.Plan.Hash.ToString(), plan.GetProperty("hash").GetString());
        Assert.Equal(Domain.Plans.Plan.Parse(plan.GetProperty("plan").GetRawText()).Hash, node.Node.Plan.Hash);
    }

    [Fact]
    public async Task StateHash_IsThatOfTheEngine()
    {
        var hash = (await node.GetAsync("/state-hash")).GetProperty("state_hash").GetString();

        Assert.Equal((await node.Node.Engine.HashAsync(CancellationToken.None)).ToString(), hash);
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/ledger", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task WhatIsNotThere_IsAProblemWithACode(string method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await node.Client.SendAsync(request);
        var problem = await RunningNode.ReadAsync(answer, status);

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task SecondNodeOnTheSamePort_IsRefused()
    {
        var folder = new TemporaryFolder();
        var refused = await Assert.ThrowsAsync<CommandException>(
            () => Node.StartAsync(RunningNode.Options(folder.Path) with { HttpPorts = [node.Node.Http[0].Port] }));

        Assert.Equal(ExitCode.BadOutput, refused.ExitCode);
        folder.Dispose(); // and has unlocked its folder
    }
}
