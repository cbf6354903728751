using System.Net;
using ActorTrading.Domain.Plans;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Web;

/// <summary>A plan whose symbols need more memory than the node allows is rejected at every interface, with the number.</summary>
public sealed class PlanLimitTests : IAsyncLifetime
{
    private const string Small = """{ "frames": ["1min"], "indicators": ["sma(20)"] }""";
    private const string Large = """{ "frames": ["1min", "5min", "1hour"], "indicators": ["sma(10000)"] }"""; // 240 kB

    private RunningNode node = null!;

    private static string Figure { get; } = FormattableString.Invariant($"{PlanMemory.BytesPerSymbol(Plan.Parse(Large)):N0} bytes");

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(Small, options => options with { MaxSymbolBytes = 200_000 });

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Theory]
    [InlineData("PUT", "/plan")]
    [InlineData("POST", "/plan/check")]
    [InlineData("POST", "/plan/dry-run")]
    public async Task PlanThatIsTooLarge_IsRefused_WithItsFigure(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(Large) };
        using var answer = await node.Client.SendAsync(request);
        var problem = await RunningNode.ReadAsync(answer, HttpStatusCode.BadRequest);
        Assert.Equal("plan_refused", problem.GetProperty("code").GetString());
        Assert.Contains(Figure, problem.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(Plan.Parse(Small).Hash, node.Node.Plan.Hash);
    }

    [Fact]
    public async Task CheckOfAGoodPlan_TellsItsMemory_AndThatOfItsSymbols()
    {
        var plan = Small.Replace("}", """, "symbols": { "BIG": { "indicators": ["sma(1000)"] } } }""", StringComparison.Ordinal);
        var answer = await node.PostAsync("/plan/check", plan, HttpStatusCode.OK);
        var parsed = Plan.Parse(plan);
        Assert.Equal(PlanMemory.BytesPerSymbol(parsed.Settings), answer.GetProperty("bytes_per_symbol").GetInt64());
        Assert.Equal(PlanMemory.BytesPerSymbol(parsed), answer.GetProperty("symbols")[0].GetProperty("bytes_per_symbol").GetInt64());
        await OpenApiTests.CheckAsync(node, "/plan/check", "post", answer);
    }

    [Fact]
    public async Task NodeAndCommand_RefuseTheFile_UnlessTheyLetMorePass()
    {
        var folder = new TemporaryFolder();
        var file = folder.File("plan.json");
        await File.WriteAllTextAsync(file, Large);
        var options = RunningNode.Options(folder.Path) with { Plan = file, MaxSymbolBytes = 200_000 };
        var refused = await Assert.ThrowsAsync<CommandException>(() => Host.Nodes.Node.StartAsync(options));
        Assert.Equal((ExitCode.BadPlan, true), (refused.ExitCode, refused.Message.Contains(Figure, StringComparison.Ordinal)));
        Assert.Equal(ExitCode.BadPlan, await CommandLine.RunAsync(["plan", "check", file, "--max-symbol-bytes", "200000"]));
        Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["plan", "check", file]));
        await using (await Host.Nodes.Node.StartAsync(options with { MaxSymbolBytes = 300_000 }))
            Assert.True(Directory.Exists(folder.Path));
        // The current plan stays.
        await using (await Host.Nodes.Node.StartAsync(options with { Plan = null, MaxSymbolBytes = 200_000 }))
            Assert.True(File.Exists(file));
        folder.Dispose();
    }

    [Fact]
    public void Setting_IsRead() =>
        Assert.Equal(
            1 << 20, NodeSettings.Read(null, new Dictionary<string, string?> { ["engine:max_symbol_bytes"] = "1048576" }).MaxSymbolBytes);
}
