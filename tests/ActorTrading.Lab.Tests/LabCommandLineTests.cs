using System.CommandLine;
using ActorTrading.Host;
using ActorTrading.Host.Commands;
using ActorTrading.TestKit;

namespace ActorTrading.Lab.Tests;

public sealed class LabCommandLineTests
{
    private const string Program = "actortrading-lab ";

    [Fact]
    public void EveryExample_IsACommandOfTheLaboratory()
    {
        var root = LabCommandLine.Root();
        var examples = Leaves(root).Select(Examples.Of).OfType<string>().SelectMany(lines => lines.Split('\n')).ToList();

        Assert.True(examples.Count > 10);
        Assert.All(examples, line => Assert.StartsWith(Program, line, StringComparison.Ordinal));
        Assert.All(examples, line => Assert.Empty(root.Parse(line[Program.Length..].TrimEnd()).Errors));
    }

    [Fact]
    public void EveryCommand_IsInTheDocumentation()
    {
        var page = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "laboratory.md"));

        Assert.All(
            LabCommandLine.Root().Subcommands.Where(command => !command.Hidden),
            command => Assert.Contains($"\n## {command.Name}", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("crash", "--rounds", "0")]
    [InlineData("chaos", "--nodes", "1")]
    [InlineData("hostile", "--minutes", "few")]
    [InlineData("demo")]
    public async Task WrongCommandLine_IsAUsageError(params string[] arguments) =>
        Assert.Equal(ExitCode.Usage, await LabCommandLine.RunAsync(arguments));

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
