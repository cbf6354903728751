using ActorTrading.Domain.Signals;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Signals;

/// <summary>The examples of docs/rules.md give the documented results.</summary>
public class RuleDocumentTests
{
    private static readonly string[] Lines =
        File.ReadAllLines(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "rules.md"));

    [Fact]
    public void EveryExample_IsARule_ButTheOneThatShowsAnError()
    {
        var examples = Lines.Select((line, i) => (Text: line.Trim(), i)).Where(x => IsExample(Lines[x.i])).ToList();
        Assert.True(examples.Count >= 7);
        foreach (var (text, i) in examples)
        {
            var isRule = RuleParser.TryParse(text, out _, out var error);
            if (Lines[i + 1].Trim() != "^")
            {
                Assert.True(isRule, error?.Render(text));
                continue;
            }

            Assert.False(isRule);
            Assert.Equal(Lines[i + 1].IndexOf('^'), 4 + error!.Column);
            var (start, end) = (Lines[i + 2].Trim().Split('…')[0], Lines[i + 2].Trim().Split('…')[1]);
            Assert.StartsWith(start, error.Render(text).Split('\n')[2]);
            Assert.EndsWith(end, error.Render(text));
        }
    }

    private static bool IsExample(string line) =>
        line.StartsWith("    ", StringComparison.Ordinal)
        && SignalActions.All.Any(action => line.TrimStart().StartsWith($"{action.Name()} when ", StringComparison.Ordinal));
}
