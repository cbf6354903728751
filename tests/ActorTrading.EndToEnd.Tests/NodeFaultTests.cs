using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A disk that fails a process of its own.</summary>
public sealed class NodeFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<NodeProcess> nodes = [];

    public void Dispose()
    {
        foreach (var node in nodes) node.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeWhoseJournalSomebodyHolds_EndsWithItsOwnCode_AndTheFeedOutlivesIt()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var (market, expected) = await MarketAsync(20_000);
        var port = NodeProcess.FreePort();
        var node = await StartAsync(port);
        CliResult failed;
        Task<CliResult> feeding;
        await using (var other = new SqliteConnection($"Data Source={folder["data/journal.db"]};Pooling=False"))
        {
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction(deferred: false);
            feeding = Cli.Run("feed", market, "--to", $"127.0.0.1:{port}");
            failed = await node.EndAsync();
        }

        Assert.Equal(6, failed.ExitCode);
        Assert.Contains("database is locked", failed.Error, StringComparison.Ordinal);
        failed.ShowsNoStackTrace();
        Assert.False(feeding.IsCompleted);

        node = await StartAsync(port);
        var fed = await feeding;
        Assert.True(fed.ExitCode == 0, fed.Error);
        Assert.Equal(expected, NodeProcess.HashOf(await node.StopAsync()));
        Assert.Equal(expected, await VerifiedAsync());
    }

    private async Task<(string Market, string Hash)> MarketAsync(int ticks)
    {
        var market = folder["market.ndjson"];
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", $"{ticks}", "--symbols", "20", "--kinds", "all", "--disorder", "--duplicates", "--gaps", "--burst", "--out", market)).ExitCode);
        return (market, Hash(await Cli.Run("backtest", market, "--json")));
    }

    private async Task<NodeProcess> StartAsync(int port)
    {
        var node = await NodeProcess.StartAsync(folder["data"], port);
        nodes.Add(node);
        return node;
    }

    private async Task<string> VerifiedAsync() => Hash(await Cli.Run("verify", "--data", folder["data"], "--json"));

    private static string Hash(CliResult result) => JsonDocument.Parse(result.Output).RootElement.GetProperty("state_hash").GetString()!;
}
