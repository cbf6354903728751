using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>Runs the commands of README.md, in their order, in a folder with the plan that it says to save.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "README.md"));

    [Fact]
    public async Task EveryCommand_WorksAsPasted()
    {
        using var folder = new TemporaryFolder();
        folder.Write("plan.json", JsonBlock().Match(Readme).Groups[1].Value);
        var commands = Command().Matches(Readme).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var arguments = Word().Matches(command).Select(word => word.Value.Trim('"')).ToArray();
            var result = await Cli.RunIn(folder.Path, arguments);
            Assert.True(result.ExitCode == 0, $"{command}: {result.Error}");
        }

        Assert.NotEqual(0, new FileInfo(folder.File("bars.csv")).Length);
        Assert.NotEqual(0, new FileInfo(folder.File("signals.ndjson")).Length);
    }

    [Fact]
    public void EveryLink_LeadsToAFile()
    {
        var folder = ReferenceData.RepositoryFolder();
        var links = Link().Matches(Readme).Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(folder, link)), link));
    }

    [GeneratedRegex(@"^dotnet run --project src/ActorTrading\.Host -c Release -- (.+)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("```json\n(.+?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
