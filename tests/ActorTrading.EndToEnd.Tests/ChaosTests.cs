using System.Text.Json;
using ActorTrading.TestKit;
using Xunit.Abstractions;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A short form of <c>actortrading-lab chaos</c>, which checks its results itself.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [SkippableFact]
    public async Task ClusterThatIsKilledDrainedFrozenAndCut_LosesNothing_AndCountsNothingTwice()
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no signals of Unix");
        var run = await Cli.RunLab(
            "chaos", "--rounds", "4", "--faults", "kill,drain,freeze,cut", "--symbols", "8", "--rate", "2000", "--ticks", "4000", "--seed",
            "49", "--json");
        output.WriteLine(run.Output + run.Error);
        Assert.Equal(["cut, short", "drain", "freeze, short", "kill", "start of all"], Faults(run, rounds: 4));
    }

    [SkippableFact]
    public async Task PostgresServerThatIsStopped_AndNodesThatAreKilledAndDrained_LoseNothing_AndCountNothingTwice()
    {
        LongTests.SkipInShortRun();
        Skip.If(OperatingSystem.IsWindows(), "there are no signals of Unix");
        var run = await Cli.RunLab(
            "chaos", "--own-postgres", "--outage", "4", "--rounds", "3", "--faults", "kill,drain,journal", "--symbols", "8", "--rate",
            "2000", "--ticks", "2000", "--seed", "5", "--json");
        Skip.If(run.ExitCode == 2 && run.Error.StartsWith("--own-postgres: ", StringComparison.Ordinal), run.Error);
        output.WriteLine(run.Output + run.Error);
        Assert.Equal(["drain", "journal stopped", "kill", "start of all"], Faults(run, rounds: 3));
    }

    [SkippableFact]
    public async Task RecordedTrades_SentToAClusterOfWhichANodeIsKilled_EndInTheStateOfTheirBacktest()
    {
        LongTests.SkipInShortRun();
        Skip.If(OperatingSystem.IsWindows(), "there are no signals of Unix");
        Skip.If(ReferenceData.WhyMissing is not null, ReferenceData.WhyMissing);
        using var folder = new TemporaryFolder();
        var market = folder.Write("recorded.ndjson", string.Join('\n', Recorded()));
        var expected = JsonDocument.Parse((await Cli.Run("backtest", market, "--json")).Output).RootElement
            .GetProperty("state_hash").GetString();
        var run = await Cli.RunLab(
            "chaos", "--file", market, "--rounds", "1", "--faults", "kill", "--rate", "1500", "--ticks", "1000", "--seed", "6", "--json");
        output.WriteLine(run.Output + run.Error);
        Assert.Equal(["kill", "start of all"], Faults(run, rounds: 1));
        Assert.Equal(expected, JsonDocument.Parse(run.Output).RootElement.GetProperty("state_hash").GetString());
    }

    [Fact]
    public async Task FileThatIsNotThere_IsTold()
    {
        var run = await Cli.RunLab("chaos", "--file", "nowhere.csv");
        Assert.Equal((1, "nowhere.csv: no such file."), (run.ExitCode, run.Error.Trim()));
    }

    [Theory]
    [InlineData("kill,nap", "--faults: 'nap' is none of kill, drain, freeze, cut, join, roll, journal.")]
    [InlineData(",", "--faults: is empty.")]
    public async Task UnknownFault_IsTold(string faults, string why)
    {
        var run = await Cli.RunLab("chaos", "--faults", faults);
        Assert.Equal((2, why), (run.ExitCode, run.Error.Trim()));
    }

    [Fact]
    public async Task TwoPlacesForTheJournal_AreTold()
    {
        var run = await Cli.RunLab("chaos", "--own-postgres", "--postgres", "Host=127.0.0.1;Database=none");
        Assert.Equal((2, "--own-postgres: there is --postgres already."), (run.ExitCode, run.Error.Trim()));
    }

    /// <summary>Trades of three symbols, with the seqs that are missing in the files.</summary>
    private static IEnumerable<string> Recorded()
    {
        string[] files =
            ["binance_spot_btcusdt_20240808.csv.gz", "binance_spot_ethusdt_20240808.csv.gz", "bitstamp_btcusd_20110913_20120531.csv"];
        return files.SelectMany(file => ReferenceData.Lines("trades", file).Skip(1)).Select((line, number) => line.Split(',') is var cells
            ? $$"""{"symbol":"{{cells[1]}}","ts":"{{cells[0]}}","price":{{cells[2]}},"size":{{cells[3]}},"source":"recorded","seq":{{number + 1}}}"""
            : "");
    }

    /// <summary>The faults that occurred; fails unless every check holds.</summary>
    private static string[] Faults(CliResult run, int rounds)
    {
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal((rounds, 1), (report.GetProperty("rounds").GetInt32(), report.GetProperty("kills").GetInt32()));
        Assert.True(report.GetProperty("records").GetInt64() > 1_000);
        Assert.True(report.GetProperty("checks").GetArrayLength() > 10);
        Assert.All(report.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("holds").GetBoolean()));
        return [.. report.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("fault").GetString()!)
            .Order(StringComparer.Ordinal)];
    }
}
