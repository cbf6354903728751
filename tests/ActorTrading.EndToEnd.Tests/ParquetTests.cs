using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A journal to Parquet and back with the command line.</summary>
public sealed class ParquetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Archive_BacktestedAndFedToAnotherNode_HasTheStateHashOfTheNode()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var market = folder.File("market.ndjson");
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", "20000", "--symbols", "10", "--kinds", "all", "--disorder", "--duplicates", "--out", market)).ExitCode);
        var expected = await FedAsync(market, folder.File("data"));

        var exported = await Cli.Run(
            "export", "--data", folder.File("data"), "--format", "parquet", "--groups", "3", "--out", folder.File("archive"));
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Contains("records written to", exported.Error, StringComparison.Ordinal);
        var again = await Cli.Run(
            "export", "--data", folder.File("data"), "--format", "parquet", "--groups", "3", "--out", folder.File("archive"));
        Assert.StartsWith("0 records", again.Error, StringComparison.Ordinal);

        var folded = await Cli.Run("backtest", folder.File("archive"), "--json");
        Assert.True(folded.ExitCode == 0, folded.Error);
        Assert.Equal(expected, JsonDocument.Parse(folded.Output).RootElement.GetProperty("state_hash").GetString());
        Assert.Equal(expected, await FedAsync(folder.File("archive"), folder.File("other")));
    }

    [Theory]
    [InlineData("--format parquet needs a folder", "export", "--format", "parquet")]
    [InlineData("--follow cannot be combined with", "export", "--format", "parquet", "--out", "x", "--follow")]
    [InlineData("--groups requires", "export", "--groups", "2")]
    public async Task OptionsThatDoNotGoTogether_AreRefused(string why, params string[] arguments)
    {
        var refused = await Cli.RunIn(folder.Path, arguments);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(why, refused.Error, StringComparison.Ordinal);
    }

    private static async Task<string> FedAsync(string input, string data)
    {
        var port = FreePort.Next();
        using var node = await NodeProcess.StartAsync(data, port);
        var fed = await Cli.Run("feed", input, "--to", $"127.0.0.1:{port}");
        Assert.True(fed.ExitCode == 0, fed.Error);
        return NodeProcess.HashOf(await node.StopAsync());
    }
}
