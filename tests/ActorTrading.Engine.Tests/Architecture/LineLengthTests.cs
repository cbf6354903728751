using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests.Architecture;

/// <summary>
/// Lines of all C# files, comments included, which the analyzer of the build (RCS0056) passes over. Raw string literals may be longer.
/// </summary>
public class LineLengthTests
{
    private const int MaxLength = 140;

    private static readonly string Repository = ReferenceData.RepositoryFolder();

    [Theory]
    [InlineData("src", 500)]
    [InlineData("tests", 400)]
    public void Lines_HaveAtMost140Columns(string folder, int files)
    {
        var read = 0;
        var tooLong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository, folder), "*.cs", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(Repository, path);
            if (name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")) continue;
            read++;
            tooLong.AddRange(TooLong(File.ReadLines(path)).Select(line => $"{name}:{line}"));
        }

        Assert.True(read > files, $"{read} files in {folder}");
        Assert.True(tooLong.Count == 0, $"{tooLong.Count} lines are too long:\n{string.Join('\n', tooLong)}");
    }

    [Fact]
    public void LineWithoutRawText_MayNotBeLonger()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 30));
        string[] lines =
        [
            $"// {words}", $"    /// {words}", $"var a = \"{words}\";",
            $"Read(\"\"\"{words}\"\"\");", "\"\"\"", words, "\"\"\";", words[..MaxLength],
        ];
        Assert.Equal([1, 2, 3], TooLong(lines));
    }

    /// <summary>The numbers of the lines that are too long and have no part of a raw string literal.</summary>
    private static IEnumerable<int> TooLong(IEnumerable<string> lines)
    {
        var isRaw = false;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var marks = (line.Length - line.Replace("\"\"\"", "", StringComparison.Ordinal).Length) / 3;
            if (line.Length > MaxLength && !isRaw && marks == 0) yield return number;
            if (marks % 2 == 1) isRaw = !isRaw;
        }
    }
}
