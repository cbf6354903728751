using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Security;

/// <summary>The table of promises in docs/security.md names existing tests.</summary>
public sealed partial class PromisesTests
{
    private const string Section = "## Promises and the tests that hold them";

    private static readonly Lazy<string[]> Sources = new(() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(ReferenceData.RepositoryFolder(), "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains(
                $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText),
    ]);

    public static TheoryData<string, string> Named
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var test in Test().Matches(Table()).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct())
                all.Add(test.Item1, test.Item2);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void TestThatTheTableNames_IsThere(string type, string method) => Assert.Contains(
        Sources.Value,
        source => Regex.IsMatch(source, $@"class {type}\b") && (
            method.Length == 0 || Regex.IsMatch(source, $@"public (async Task|Task|void) {method}\(")));

    [Fact]
    public void EveryPromise_HasATest()
    {
        var promises = Table().Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.True(promises.Count > 20, $"{promises.Count}");
        Assert.All(promises, promise => Assert.Matches(Test(), promise.Split('|')[2]));
    }

    private static string Table()
    {
        var document = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "security.md"));
        return document[document.IndexOf(Section, StringComparison.Ordinal)..];
    }

    [GeneratedRegex(@"`(\w+(?:Tests|Suite))(?:\.(\w+))?`")]
    private static partial Regex Test();
}
