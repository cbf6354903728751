using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A short run of the load harness: its results are not judged, only their consistency.</summary>
public sealed class BenchTests
{
    [SkippableTheory]
    [InlineData("ndjson", "max", 1)]
    [InlineData("binary", "20000", 3)]
    public async Task Bench_EndsWithEverythingAcknowledged_AndTheNodesLedgerBalanced(string format, string rate, int connections)
    {
        if (format == "binary") LongTests.SkipInShortRun();
        if (OperatingSystem.IsWindows()) return; // no SIGTERM to request the ledger of the node
        var run = await Cli.RunLab(
            "bench", "ingest", "--symbols", "20", "--rate", rate, "--format", format, "--connections", $"{connections}", "--seconds", "5",
            "--warmup", "1", "--json", "-"); // a busy machine acknowledges nothing within one second

        Assert.True(run.ExitCode == 0, run.Error);
        var result = JsonDocument.Parse(run.Output).RootElement;
        var sent = result.GetProperty("sent").GetInt64();
        Assert.True(sent > 0);
        Assert.Equal(sent, result.GetProperty("acknowledged").GetInt64());
        Assert.InRange(result.GetProperty("ack_latency_ms").GetProperty("count").GetInt64(), 1, sent);
        Assert.Empty(result.GetProperty("faults").EnumerateArray());
        var ledger = result.GetProperty("ledger").EnumerateArray().Select(line => line.GetString()!).ToList();
        Assert.Equal(connections, ledger.Count);
        Assert.All(ledger, line => Assert.Matches(@"received ([\d,]+) = applied \1 \+ duplicate 0 \+ late 0 \+ rejected 0$", line));
    }

    [SkippableFact]
    public async Task Compare_RunsBothEngines_AndPrintsTheirRatio()
    {
        LongTests.SkipInShortRun();
        if (OperatingSystem.IsWindows()) return; // as above
        var run = await Cli.RunLab(
            "bench", "compare", "--case", "200-binary", "ordinary-day", "--seconds", "1", "--warmup", "0", "--json", "-");
        Assert.True(run.ExitCode == 0, run.Error);
        var results = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToList();
        Assert.Equal(["200-binary", "ordinary-day"], results.Select(result => result.GetProperty("case").GetString()!));
        Assert.True(results[0].GetProperty("ratio").GetDouble() >= 0); // a cold node may acknowledge nothing within a second
        foreach (var engine in results.SelectMany(result => new[] { result.GetProperty("embedded"), result.GetProperty("cluster") }))
        {
            var sent = engine.GetProperty("sent").GetInt64();
            Assert.True(sent > 0);
            Assert.Equal(sent, engine.GetProperty("acknowledged_by_second").EnumerateArray().Sum(count => count.GetInt64()));
        }
    }

    [Theory]
    [InlineData("--rate", "fast")]
    [InlineData("--rate", "0")]
    [InlineData("--symbols", "0")]
    [InlineData("--connections", "201")]
    [InlineData("--format", "csv")]
    public async Task WrongLoad_IsRefused(string option, string value)
    {
        var run = await Cli.RunLab("bench", "ingest", option, value);
        Assert.Equal(2, run.ExitCode);
        run.ShowsNoStackTrace();
    }

    [Fact]
    public async Task NodeThatIsNotThere_IsToldOf()
    {
        var run = await Cli.RunLab("bench", "ingest", "--to", "127.0.0.1:1", "--seconds", "1");
        Assert.Equal(5, run.ExitCode);
        run.ShowsNoStackTrace();
    }
}
