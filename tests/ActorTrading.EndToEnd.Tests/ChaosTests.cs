#if CLUSTER
using System.Text.Json;
using Xunit.Abstractions;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A short form of <c>cluster chaos</c>, which looks itself whether all holds.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [SkippableFact]
    public async Task ClusterThatIsKilledDrainedFrozenAndCut_LosesNothing_AndCountsNothingTwice()
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no signals of Unix");
        var run = await Cli.Run(
            "cluster", "chaos", "--rounds", "4", "--faults", "kill,drain,freeze,cut", "--symbols", "8", "--rate", "2000", "--ticks", "4000", "--seed", "49", "--json");
        output.WriteLine(run.Output + run.Error);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal((4, 1), (report.GetProperty("rounds").GetInt32(), report.GetProperty("kills").GetInt32()));
        Assert.True(report.GetProperty("records").GetInt64() > 4_000);
        Assert.True(report.GetProperty("checks").GetArrayLength() > 10);
        Assert.All(report.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("holds").GetBoolean()));
    }

    [Theory]
    [InlineData("kill,nap", "--faults: 'nap' is none of kill, drain, freeze, cut, join, roll, journal.")]
    [InlineData(",", "--faults: is empty.")]
    public async Task UnknownFault_IsTold(string faults, string why)
    {
        var run = await Cli.Run("cluster", "chaos", "--faults", faults);
        Assert.Equal((2, why), (run.ExitCode, run.Error.Trim()));
    }
}
#endif
