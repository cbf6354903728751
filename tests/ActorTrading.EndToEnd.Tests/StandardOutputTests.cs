using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>Standard output has only a program's own lines: none of Akka.NET or the web server.</summary>
public sealed partial class StandardOutputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("cluster")]
    [InlineData("embedded")]
    public async Task Node_PrintsItsOwnLines_WhateverIsLogged(string engine)
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to drain with
        using var node = await NodeProcess.StartAsync(folder.File("data"), 0, engine, "--log-level", "trace");
        using (var client = new HttpClient { BaseAddress = node.Http })
        {
            using var tick = new StringContent("""{"symbol":"AAPL","ts":"2024-07-09T14:35:00Z","price":227.99,"size":100}""");
            using var answer = await client.PostAsync(new Uri("/ingest", UriKind.Relative), tick);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var ended = await node.StopAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.NotEqual("", ended.Error);
        Assert.All(ended.Output.Split('\n').SkipLast(1), line => Assert.Matches(NodeLine(), line));
    }

    [Fact]
    public async Task TakenClusterPort_IsReportedOnStandardError_WithTheOptionThatNamesAnother()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var refused = await Cli.Run("node", "--data", folder.File("data"), "--port", "0", "--http-port", "0", "--cluster-port", port);
        Assert.Equal((4, ""), (refused.ExitCode, refused.Output));
        Assert.Contains($"cluster port 127.0.0.1:{port}: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--cluster-port", refused.Error, StringComparison.Ordinal);
        refused.ShowsNoStackTrace();
    }

    [Fact]
    public async Task SubscriberWithoutACluster_PrintsNothing_AndSaysWhyOnStandardError()
    {
        var refused = await SubscriberProcess.RunAsync("signals", "--seed", "127.0.0.1:1", "--start-patience", "1");
        Assert.Equal((5, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("No cluster 'trading' has admitted", refused.Error, StringComparison.Ordinal);
        refused.ShowsNoStackTrace();
    }

    [GeneratedRegex("^(in the cluster as |recovered |listening on |http://|ledger |drained; )")]
    private static partial Regex NodeLine();
}
