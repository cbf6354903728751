using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests.Architecture;

/// <summary>The ways of a tick and of a signal in <c>docs/architecture.md</c> name types of the product.</summary>
public partial class ArchitectureDocumentTests
{
    private static readonly string Document =
        File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "architecture.md")).ReplaceLineEndings("\n");

    [Theory]
    [InlineData("### Embedded engine")]
    [InlineData("### Cluster engine")]
    [InlineData("## The path of a signal")]
    public void TypesOnTheWay_AreThere(string heading)
    {
        var section = Document.Split($"\n{heading}\n")[1].Split("\n#")[0];
        var named = Code().Matches(section).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(named);
        var declared = SourceFile.All.SelectMany(file => Declaration().Matches(file.Text))
            .Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Subset(declared, named);
    }

    [GeneratedRegex("`([A-Z]\\w+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(\w+)")]
    private static partial Regex Declaration();
}
