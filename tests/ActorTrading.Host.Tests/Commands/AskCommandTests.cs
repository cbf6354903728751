using ActorTrading.Domain.Values;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Tests.Commands;

/// <summary>The query commands, with a running node.</summary>
public sealed class AskCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private Node node = null!;

    public async Task InitializeAsync()
    {
        node = await Node.StartAsync(new NodeOptions { Kind = EngineKind.Embedded, Data = folder.Path, Port = 0, HttpPorts = [0] });
        var records = HostileMarkets.Stream(5, 2_000, Timestamp.Second).Where(input => input.Clock is null).Select(input => input.Record);
        await (await node.Engine.SubmitAsync(records.ToArray())).Durable;
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData(ExitCode.Ok, "symbols")]
    [InlineData(ExitCode.Ok, "ledger")]
    [InlineData(ExitCode.Ok, "partitions")]
    [InlineData(ExitCode.BadInput, "shards")]
    [InlineData(ExitCode.Ok, "health")]
    [InlineData(ExitCode.Ok, "health", "--live")]
    [InlineData(ExitCode.Ok, "state", "BTC/USD")]
    [InlineData(ExitCode.Ok, "state", "AAPL", "--json")]
    [InlineData(ExitCode.BadInput, "state", "NOBODY")]
    [InlineData(ExitCode.BadInput, "explain", "NOBODY/buy-00000000/5min/0/0")]
    [InlineData(ExitCode.Ok, "subscriptions", "list")]
    public async Task Question_IsAnswered(int expected, params string[] command) =>
        Assert.Equal(expected, await CommandLine.RunAsync([.. command, "--node", node.Http[0].ToString()]));

    [Fact]
    public async Task NodeThatIsNotReady_IsNotHealthy()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var recovering = builder.Build();
        recovering.Run(static context =>
        {
            context.Response.StatusCode = context.Request.Path == "/health/live"
                ? StatusCodes.Status200OK
                : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync("""{"status":"recovering"}""");
        });
        await recovering.StartAsync();

        Assert.Equal(ExitCode.NoNode, await CommandLine.RunAsync(["health", "--node", recovering.Urls.Single()]));
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["health", "--live", "--node", recovering.Urls.Single()]));
    }

    [Fact]
    public async Task SubscriptionsOfTheNode_AreChanged()
    {
        var url = node.Http[0].ToString();
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["subscriptions", "add", "AAPL", "BTC/USD", "--node", url]));
        Assert.Equal(["AAPL", "BTC/USD"], (await node.Engine.SubscriptionsAsync()).Symbols.Select(symbol => symbol.Name).Order());

        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["subscriptions", "remove", "BTC/USD", "--node", url]));
        Assert.Equal(["AAPL"], (await node.Engine.SubscriptionsAsync()).Symbols.Select(symbol => symbol.Name));
    }

    [Fact]
    public async Task JournalBesideTheNode_KnowsTheSymbolsToo()
    {
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["state", "AAPL", "--data", folder.Path]));
        Assert.Equal(
            ExitCode.BadInput, await CommandLine.RunAsync(["state", "AAPL", "--data", folder.Path, "--at", "1999-01-01T00:00:00Z"]));
    }
}
