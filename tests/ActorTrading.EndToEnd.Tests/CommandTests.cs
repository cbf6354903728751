using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task NoArguments_GiveAShortHelpfulText()
    {
        var result = await Cli.Run();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("actortrading demo", result.Output, StringComparison.Ordinal);
        Assert.True(result.Output.Split('\n').Length < 15);
    }

    [Fact]
    public async Task Demo_PrintsBarsAndSignals_TheSameEachTime_OnBothEngines_BesideAnother()
    {
        var both = await Task.WhenAll(Cli.Run("demo", "--hours", "6"), Cli.Run("demo", "--hours", "6"));
        var embedded = await Cli.Run("demo", "--hours", "6", "--engine", "embedded");
        var first = both[0];

        Assert.Equal(0, first.ExitCode);
        Assert.Contains(" BUY ", first.Output, StringComparison.Ordinal);
        Assert.Contains("state hash ", first.Output, StringComparison.Ordinal);
        Assert.Contains("API http://127.0.0.1:", first.Error, StringComparison.Ordinal);
        Assert.Equal(first.Output, both[1].Output);
        Assert.Equal(first.Output, embedded.Output);
    }

    [Fact]
    public async Task PlanShow_IsAPlanThatPlanCheckFindsGood()
    {
        using var folder = new TemporaryFolder();
        var shown = await Cli.Run("plan", "show");
        var check = await Cli.Run("plan", "check", folder.Write("plan.json", shown.Output));

        Assert.Equal((0, 0), (shown.ExitCode, check.ExitCode));
        Assert.StartsWith("good", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RulesExplain_SaysWhatARuleDoes()
    {
        var result = await Cli.Run("rules", "explain", "buy when rsi(14) crosses below 30 on 5min");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("5min", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RulesExplain_PointsAtTheColumnOfAMistake()
    {
        var result = await Cli.Run("rules", "explain", "buy when rsi(14) crosses beneath 30");

        Assert.Equal(3, result.ExitCode);
        result.ShowsNoStackTrace();
        var lines = result.Error.Split('\n');
        var rule = Array.FindIndex(lines, line => line.Contains("beneath 30", StringComparison.Ordinal));
        Assert.Equal(lines[rule].IndexOf("beneath", StringComparison.Ordinal), lines[rule + 1].IndexOf('^'));
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("backtest")]
    [InlineData("plan", "show")]
    [InlineData("rules", "explain")]
    public async Task Help_OfEveryCommand_EndsWithExamples(params string[] command)
    {
        var result = await Cli.Run([.. command, "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            $"Examples:\n  actortrading {string.Join(' ', command)}", result.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bactest")]
    [InlineData("plan")]
    [InlineData("backtest")]
    [InlineData("bench", "ingest")] // of the laboratory, like the next two
    [InlineData("crash")]
    [InlineData("cluster", "chaos")]
    public async Task CommandLineThatIsNone_IsAUsageError(params string[] command)
    {
        var result = await Cli.Run(command);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
    }
}
