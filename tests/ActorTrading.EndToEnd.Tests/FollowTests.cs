using System.Text.Json;
using ActorTrading.Host.Clustering;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <c>feed --follow</c> as a process: node and feed are killed while a file grows and is rotated, and the node's state equals that of a
/// backtest.
public sealed class FollowTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly List<ChildProcess> feeds = [];
    private NodeProcess? node;

    public void Dispose()
    {
        foreach (var feed in feeds) feed.Dispose();

        node?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeAndFeedAreKilled_WhileTheFileGrowsAndIsRotated_AndTheStateIsThatOfABacktest()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to end with
        var market = folder.File("market.ndjson");
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", "12000", "--symbols", "8", "--kinds", "all", "--disorder", "--duplicates", "--out", market)).ExitCode);
        var expected = Hash(await Cli.Run("backtest", market, "--json"));
        var lines = (await File.ReadAllTextAsync(market)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (log, port) = (folder.File("ticks.log"), FreePort.Next());
        node = await NodeProcess.StartAsync(folder.File("data"), port);
        var feed = Follow(log, port);
        var random = new Random(7);
        var parts = lines.Chunk(1_000).ToList();
        for (var part = 0; part < parts.Count; part++)
        {
            var text = string.Join('\n', parts[part]) + "\n";
            for (int at = 0, length; at < text.Length; at += length)
            {
                length = Math.Min(text.Length - at, random.Next(1, 60_000));
                await File.AppendAllTextAsync(log, text.Substring(at, length));
            }

            if (part % 4 == 1)
            {
                await AcknowledgedAsync(log, atLeast: 1);
                node.Kill();
                node.Dispose();
                node = await NodeProcess.StartAsync(folder.File("data"), port);
            }

            if (part % 4 == 2)
            {
                feed.Kill();
                feed = Follow(log, port);
            }

            // A file that is rotated twice while no feed runs is not found, so it is rotated when the feed has reached it.
            if (part % 4 != 3) continue;
            await AcknowledgedAsync(log, atLeast: 1, epoch: part / 4);
            File.Move(log, $"{log}.{part}");
        }

        await File.AppendAllTextAsync(log, lines[^1] + "\n"); // the previously rotated file was read before this one
        await AcknowledgedAsync(log, atLeast: 1, epoch: 3);
        var fed = await feed.StopAsync();
        Assert.Equal(0, fed.ExitCode);
        Assert.Contains("acknowledged", fed.Output, StringComparison.Ordinal);
        var ended = await node.StopAsync();
        Assert.DoesNotContain("NOT BALANCED", ended.Output, StringComparison.Ordinal);
        Assert.Equal(expected, NodeProcess.HashOf(ended));
    }

    private static string Hash(CliResult result) => JsonDocument.Parse(result.Output).RootElement.GetProperty("state_hash").GetString()!;

    private static async Task AcknowledgedAsync(string log, long atLeast, long epoch = 0)
    {
        using var limit = new CancellationTokenSource(Timeout);
        while (true)
        {
            if (File.Exists(log + ".fed"))
            {
                using var cursor = JsonDocument.Parse(await File.ReadAllBytesAsync(log + ".fed", limit.Token));
                if (cursor.RootElement.GetProperty("epoch").GetInt64() >= epoch
                    && cursor.RootElement.GetProperty("acknowledged").GetInt64() >= atLeast) return;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private ChildProcess Follow(string log, int port)
    {
        var feed = Cli.Start("feed", log, "--follow", "--to", $"127.0.0.1:{port}");
        feeds.Add(feed);
        return feed;
    }
}
