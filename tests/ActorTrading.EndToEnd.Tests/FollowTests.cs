using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ActorTrading.EndToEnd.Tests;

/// <c>feed --follow</c> as a process: node and feed are killed while a file grows and is rotated, and the node's state equals that of a
/// backtest.
public sealed class FollowTests : IDisposable
{
    private const int SigTerm = 15; // background processes of a shell ignore SIGINT

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly List<Process> feeds = [];
    private NodeProcess? node;

    public void Dispose()
    {
        foreach (var feed in feeds)
        {
            if (!feed.HasExited) feed.Kill();
            feed.Dispose();
        }

        node?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeAndFeedAreKilled_WhileTheFileGrowsAndIsRotated_AndTheStateIsThatOfABacktest()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to end with
        var market = folder["market.ndjson"];
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", "12000", "--symbols", "8", "--kinds", "all", "--disorder", "--duplicates", "--out", market)).ExitCode);
        var expected = Hash(await Cli.Run("backtest", market, "--json"));
        var lines = (await File.ReadAllTextAsync(market)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (log, port) = (folder["ticks.log"], NodeProcess.FreePort());
        node = await NodeProcess.StartAsync(folder["data"], port);
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
                node = await NodeProcess.StartAsync(folder["data"], port);
            }

            if (part % 4 == 2)
            {
                feed.Kill();
                await feed.WaitForExitAsync();
                feed = Follow(log, port);
            }

            // A file that is rotated twice while no feed runs is not found, so it is rotated when the feed has reached it.
            if (part % 4 != 3) continue;
            await AcknowledgedAsync(log, atLeast: 1, epoch: part / 4);
            File.Move(log, $"{log}.{part}");
        }

        await File.AppendAllTextAsync(log, lines[^1] + "\n"); // the previously rotated file was read before this one
        await AcknowledgedAsync(log, atLeast: 1, epoch: 3);
        Assert.Equal(0, SendSignal(feed.Id, SigTerm));
        using var limit = new CancellationTokenSource(Patience);
        var said = await feed.StandardOutput.ReadToEndAsync(limit.Token);
        await feed.WaitForExitAsync(limit.Token);

        Assert.Equal(0, feed.ExitCode);
        Assert.Contains("acknowledged", said, StringComparison.Ordinal);
        var ended = await node.StopAsync();
        Assert.DoesNotContain("NOT BALANCED", ended.Output, StringComparison.Ordinal);
        Assert.Equal(expected, NodeProcess.HashOf(ended));
    }

    private static string Hash(CliResult result) => JsonDocument.Parse(result.Output).RootElement.GetProperty("state_hash").GetString()!;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private static async Task AcknowledgedAsync(string log, long atLeast, long epoch = 0)
    {
        using var limit = new CancellationTokenSource(Patience);
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

    private Process Follow(string log, int port)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (
            string[])[Path.Combine(AppContext.BaseDirectory, "actortrading.dll"), "feed", log, "--follow", "--to", $"127.0.0.1:{port}"])
            start.ArgumentList.Add(argument);
        var feed = Process.Start(start)!;
        feeds.Add(feed);
        return feed;
    }
}
