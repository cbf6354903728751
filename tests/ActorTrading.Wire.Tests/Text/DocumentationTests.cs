using System.Text;
using System.Text.RegularExpressions;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>The examples of docs/formats.md give the documented results.</summary>
public class DocumentationTests
{
    private static readonly string Document =
        File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "formats.md"));

    [Fact]
    public void EveryExample_IsReadWithoutRefusal()
    {
        var blocks = Regex.Matches(Document, "```(ndjson|csv)\n(.*?)```", RegexOptions.Singleline);
        Assert.True(blocks.Count > 10);
        foreach (Match block in blocks)
        {
            var read = new Collected();
            RecordFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(block.Groups[2].Value)), "formats.md", new ReadOptions(), read);
            Assert.Empty(read.Rejected);
            Assert.NotEmpty(read.Records);
        }
    }

    [Fact]
    public void EveryRefusal_IsAsTheTableSays()
    {
        var rows = Regex.Matches(Document, "^\\| `(.*)` \\| `([a-z_]+: .*)` \\|$", RegexOptions.Multiline);
        Assert.True(rows.Count > 10);
        foreach (Match row in rows)
            Assert.Equal(row.Groups[2].Value, Reading.Line(row.Groups[1].Value).OnlyRejected().Rejection.ToString());
    }

    [Fact]
    public void EveryDialect_IsListedWithItsName() =>
        Assert.All(Dialects.All, dialect => Assert.Contains($"`{dialect.Name()}`", Document, StringComparison.Ordinal));
}
