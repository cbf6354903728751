using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A node in a process of its own, killed as the market goes on.</summary>
public sealed partial class NodeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<Node> nodes = [];

    public void Dispose()
    {
        foreach (var node in nodes) node.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeThatIsKilledUnderLoad_EndsInTheStateOfTheBacktest()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var market = folder["market.bin"];
        Assert.Equal(0, (await Cli.Run(
            "generate", "--ticks", "400000", "--symbols", "40", "--kinds", "all", "--disorder", "--duplicates", "0.05", "--gaps", "--burst",
            "--format", "binary", "--out", market)).ExitCode);
        var backtest = await Cli.Run("backtest", market, "--json");
        var expected = JsonDocument.Parse(backtest.Output).RootElement.GetProperty("state_hash").GetString();

        var port = FreePort();
        var random = new Random(5);
        var node = await StartAsync(port);
        var feed = Cli.Run("feed", market, "--to", $"127.0.0.1:{port}");
        var kills = 0;
        while (kills < 2 && !feed.IsCompleted)
        {
            // Killed at some moment of its work: after so many bytes of journal more.
            var journal = node.JournalBytes + random.Next(100_000, 800_000);
            while (node.JournalBytes < journal && !feed.IsCompleted) await Task.Yield();
            if (!feed.IsCompleted) kills++;
            node.Kill();
            node = await StartAsync(port);
        }

        Assert.NotEqual(0, kills);
        var fed = await feed;
        Assert.True(fed.ExitCode == 0, fed.Error);
        Assert.Matches("sent 400,000, acknowledged 400,000", fed.Output);
        var last = await node.StopAsync();

        Assert.Equal(0, last.ExitCode);
        Assert.DoesNotContain("NOT BALANCED", last.Output);
        Assert.Equal(expected, StateHash().Match(last.Output).Groups[1].Value);

        var verified = await Cli.Run("verify", "--data", folder["data"], "--json");
        Assert.Equal(0, verified.ExitCode);
        Assert.Equal(expected, JsonDocument.Parse(verified.Output).RootElement.GetProperty("state_hash").GetString());

        Assert.Equal(0, (await Cli.Run("export", "--data", folder["data"], "--out", folder["archive.ndjson.gz"])).ExitCode);
        var archive = await Cli.Run("backtest", folder["archive.ndjson.gz"], "--json");
        Assert.Equal(expected, JsonDocument.Parse(archive.Output).RootElement.GetProperty("state_hash").GetString());
    }

    [Fact]
    public async Task CrashTest_FindsNothingLostAndNothingTwice()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        var result = await Cli.Run("crash", "--rounds", "3", "--ticks", "40000", "--symbols", "8", "--data", folder["crash"], "--json");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(3, report.GetProperty("kills_under_load").GetInt32() + report.GetProperty("kills_at_start").GetInt32());
        Assert.All(report.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("holds").GetBoolean(), check.ToString()));
        Assert.False(Directory.Exists(folder["crash"]));
    }

    [Theory]
    [InlineData("--rate", "2000")]
    [InlineData("--realtime")]
    [InlineData("--max")]
    public async Task FeedAtAPace_FromStandardInput_IsTakenWhole(params string[] pace)
    {
        var port = FreePort();
        await StartAsync(port);
        var market = await Cli.Run("generate", "--ticks", "1000", "--rate", "2000", "--symbols", "3");
        var fed = await Cli.RunWith(
            async input => await input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(market.Output)), ["feed", "-", "--to", $"127.0.0.1:{port}", .. pace]);

        Assert.True(fed.ExitCode == 0, fed.Error);
        Assert.Matches("sent 1,000, acknowledged 1,000, refused by the node 0", fed.Output);
        Assert.Matches("ack latency p50 ", fed.Output);
    }

    [Theory]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "many")]
    [InlineData("--rate", "5", "--realtime")]
    [InlineData("--max", "--realtime")]
    public async Task FeedAtNoPace_IsRefused(params string[] pace)
    {
        var fed = await Cli.Run(["feed", "-", .. pace]);
        Assert.Equal(2, fed.ExitCode);
        fed.ShowsNoStackTrace();
    }

    [Fact]
    public async Task SecondNodeOnTheSameData_IsRefused()
    {
        await StartAsync(FreePort());
        var second = await Cli.Run("node", "--data", folder["data"], "--port", "0", "--http-port", "0");

        Assert.Equal(4, second.ExitCode);
        second.ShowsNoStackTrace();
    }

    private async Task<Node> StartAsync(int port)
    {
        var node = await Node.StartAsync(folder["data"], port);
        nodes.Add(node);
        return node;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("drained; state hash ([0-9a-f]{64})")]
    private static partial Regex StateHash();

    /// <summary>A running node.</summary>
    private sealed class Node : IDisposable
    {
        private const int SigTerm = 15;

        private readonly Process process;
        private readonly string data;

        private Node(Process process, string data)
        {
            this.process = process;
            this.data = data;
        }

        /// <summary>How much there is of the journal and its log.</summary>
        public long JournalBytes => new DirectoryInfo(data).EnumerateFiles("journal.db*").Sum(file => file.Length);

        /// <summary>Starts a node and waits until it listens.</summary>
        public static async Task<Node> StartAsync(string data, int port)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "actortrading.dll"), "node", "--data", data, "--port", $"{port}", "--http-port", "0"])
                start.ArgumentList.Add(argument);
            var process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith("listening on ", StringComparison.Ordinal)) return new Node(process, data);
            }

            throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(limit.Token));
        }

        public void Kill()
        {
            process.Kill(); // SIGKILL
            process.WaitForExit();
        }

        /// <summary>Asks it to drain and stop.</summary>
        public async Task<CliResult> StopAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            Assert.Equal(0, SendSignal(process.Id, SigTerm));
            await process.WaitForExitAsync(limit.Token);
            return new CliResult(process.ExitCode, await output, await error);
        }

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }

        [DllImport("libc", EntryPoint = "kill")]
        private static extern int SendSignal(int process, int signal);
    }
}
