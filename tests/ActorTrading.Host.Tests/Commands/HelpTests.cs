using System.CommandLine;
using ActorTrading.Host.Commands;

namespace ActorTrading.Host.Tests.Commands;

public sealed class HelpTests
{
    [Fact]
    public void EveryCommand_HasExamplesThatAreCommandsOfThisProgram()
    {
        var root = CommandLine.Root();
        var checkedCommands = 0;
        foreach (var (path, command) in Leaves(root, "actortrading"))
        {
            var examples = Examples.Of(command);
            Assert.True(examples is not null, $"{path} has no examples.");
            foreach (var line in examples.Split('\n').Select(line => line.Trim()))
            {
                Assert.Contains(path, line, StringComparison.Ordinal);
                var arguments = line[(line.LastIndexOf(path, StringComparison.Ordinal) + "actortrading ".Length)..].Split('|')[0]
                    .Split('>')[0];
                Assert.Empty(root.Parse(arguments).Errors);
            }

            checkedCommands++;
        }

        Assert.True(checkedCommands > 15);
    }

    [Fact]
    public void EveryCommand_IsInTheDocumentation()
    {
        var page = File.ReadAllText(Path.Combine(TestKit.ReferenceData.RepositoryFolder(), "docs", "command-line.md"));

        Assert.All(CommandLine.Root().Subcommands, command => Assert.Contains($"`{command.Name}", page, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}"));
}
