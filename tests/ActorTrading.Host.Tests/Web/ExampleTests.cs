using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Web;

/// <summary>The commands in the documentation work with a node.</summary>
public sealed partial class ExampleTests : IAsyncLifetime
{
    private const string Ticks =
        """
        {"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":99,"size":1,"seq":1}
        {"symbol":"AAPL","ts":"2024-07-09T14:31:00Z","price":101,"size":1,"seq":2}
        {"symbol":"AAPL","ts":"2024-07-09T14:32:00Z","price":99,"size":1,"seq":3}
        {"symbol":"AAPL","ts":"2024-07-09T14:33:00Z","price":102,"size":1,"seq":4}
        {"symbol":"AAPL","ts":"2024-07-09T14:34:00Z","price":102,"size":1,"seq":5}

        """;

    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(SymbolEndpointTests.Plan);

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task PythonExample_SendsTicksAndReadsSignals_FromWhereItLeftOff()
    {
        var script = Path.Combine(ReferenceData.RepositoryFolder(), "docs", "examples", "signals.py");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Ticks);
        var url = node.Client.BaseAddress!.ToString().TrimEnd('/');
        if (await RunAsync("python3", script, "--node", url, "--send", file, "--count", "2") is not { } first) return; // no python3 here
        var second = await RunAsync("python3", script, "--node", url, "--from", "1", "--count", "1");
        File.Delete(file);

        Assert.Equal(["1 2024-07-09T14:32:00Z AAPL buy 101 up", "2 2024-07-09T14:34:00Z AAPL buy 102 up"], first.Trim().Split('\n'));
        Assert.Equal("2 2024-07-09T14:34:00Z AAPL buy 102 up", second!.Trim());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/http.md")]
    public async Task EveryCurlLine_Works(string document)
    {
        await node.PostAsync(
            "/ingest", """{"source":"feed-a","seq":17,"symbol":"AAPL","ts":"2024-07-09T14:29:00Z","price":99,"size":1}""" + "\n");
        await node.PostAsync("/ingest", Ticks);
        while (node.Node.Hosted.LastSignal < 1) await Task.Yield();
        var lines = CurlLine().Matches(await File.ReadAllTextAsync(Path.Combine(ReferenceData.RepositoryFolder(), document)))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            // A stream does not end by itself: it is stopped after a second, which curl reports with exit code 28.
            var isStream = line.Contains("-N", StringComparison.Ordinal);
            var arguments = line.Replace("127.0.0.1:5000", $"127.0.0.1:{node.Node.Http[0].Port}", StringComparison.Ordinal);
            var command = isStream
                ? $"curl -sS --fail -m 1 {arguments} 2>/dev/null || [ $? = 28 ]"
                : $"curl -sS --fail {arguments}";
            if (await RunAsync("sh", "-c", command) is not { } said) return; // no shell on this machine
            Assert.NotEqual("", said.Trim());
        }
    }

    /// <summary>The output of a program; null if the program does not exist.</summary>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            using var process = Process.Start(start)!;
            var (said, wrong) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            finally
            {
                if (!process.HasExited) process.Kill();
            }

            if (process.ExitCode == 127) return null;
            Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {await wrong}");
            return await said;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^\s*curl (.+)$", RegexOptions.Multiline)]
    private static partial Regex CurlLine();
}
