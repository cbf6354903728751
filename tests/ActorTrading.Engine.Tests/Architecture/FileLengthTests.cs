using System.Text.RegularExpressions;

namespace ActorTrading.Engine.Tests.Architecture;

/// <summary>
/// A file of the product has at most 300 lines. A longer one says why in the comment at the head of its type, in a line that begins with
/// "Long because".
/// </summary>
public partial class FileLengthTests
{
    private const int MaxLines = 300;

    [Fact]
    public void Files_HaveAtMost300LinesOrAReason()
    {
        var unexplained = SourceFile.All.Where(file => Lines(file.Text) > MaxLines && !HasReason(file.Text)).Select(file => file.Path);
        Assert.Empty(unexplained);
    }

    [Fact]
    public void Reasons_AreOnlyOfLongFiles() =>
        Assert.Empty(SourceFile.All.Where(file => HasReason(file.Text) && Lines(file.Text) <= MaxLines).Select(file => file.Path));

    [Fact]
    public void Reason_IsAtTheHeadOfAType()
    {
        Assert.True(HasReason("/// <summary>\n/// A parser.\n/// Long because the grammar is.\n/// </summary>\npublic class Parser;\n"));
        Assert.False(HasReason("/// <summary>A parser.</summary>\npublic class Parser\n{\n    // Long because the grammar is.\n}\n"));
    }

    private static int Lines(string text) => text.AsSpan().Count('\n');

    private static bool HasReason(string text) => Reason().IsMatch(text);

    [GeneratedRegex(@"^/// Long because .+\.\r?$", RegexOptions.Multiline)]
    private static partial Regex Reason();
}
