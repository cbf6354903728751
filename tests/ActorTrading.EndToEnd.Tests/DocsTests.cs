using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The pages of the documentation as a whole.</summary>
public sealed partial class DocsTests
{
    private static readonly string Repository = ReferenceData.RepositoryFolder();

    private static readonly IReadOnlyList<string> Pages =
    [
        .. Directory.EnumerateFiles(Repository, "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Path.Combine(Repository, "clients", "python"), "*.md"),
    ];

    [Fact]
    public void Link_LeadsToAFileAndAHeadingThatAreThere()
    {
        var headings = Pages.ToDictionary(page => page, page => HeadingsOf(File.ReadAllText(page)));
        var broken = new List<string>();
        foreach (var page in Pages)
        {
            foreach (Match link in Links().Matches(WithoutCode(File.ReadAllText(page))))
            {
                var (path, anchor) = (link.Groups[1].Value, link.Groups[2].Value);
                var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
                if (!Path.Exists(target) || (anchor.Length > 0 && headings.TryGetValue(target, out var known) && !known.Contains(anchor)))
                    broken.Add($"{Path.GetRelativePath(Repository, page)}: {link.Value}");
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void Decision_HasContextDecisionPriceAndWhatWouldReopenIt()
    {
        var folder = Path.Combine(Repository, "docs", "decisions");
        var index = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (var file in Directory.EnumerateFiles(folder, "0*.md"))
        {
            var sections = SectionTitles().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);
            Assert.Equal(["Context", "Decision", "Price", "Reopen when"], sections);
            Assert.Contains(Path.GetFileName(file), index, StringComparison.Ordinal);
        }
    }

    /// <summary>The anchors that GitHub generates for the headings of a page.</summary>
    private static HashSet<string> HeadingsOf(string text)
    {
        var anchors = new HashSet<string>();
        foreach (Match heading in Headings().Matches(WithoutCode(text)))
        {
            var anchor = NoLetters().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            for (var (name, next) = (anchor, 1); !anchors.Add(name); next++) name = $"{anchor}-{next}";
        }

        return anchors;
    }

    private static string WithoutCode(string text) => Fences().Replace(text, "");

    [GeneratedRegex(@"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex SectionTitles();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoLetters();

    [GeneratedRegex("^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
