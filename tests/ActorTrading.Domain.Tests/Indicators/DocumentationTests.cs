using ActorTrading.Domain.Indicators;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

public class DocumentationTests
{
    [Fact]
    public void EveryIndicator_WithItsVariantsAndDefaults_IsDocumented()
    {
        var text = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "indicators.md"));
        foreach (var kind in IndicatorRegistry.All)
        {
            var given = kind.Parameters.Where(p => p.Kind != ParameterKind.Variant).ToList();
            var call = given.Count == 0 ? kind.Name : $"{kind.Name}({string.Join(",", given.Select(p => p.Name))})";
            Assert.Contains($"\n### {call}\n", text);
            var section = text[text.IndexOf($"\n### {call}\n", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("\n#", 2, StringComparison.Ordinal)];

            if (given.Count > 0)
                Assert.Contains($"default {(given.Count == 1 ? "n = " : "")}{string.Join(", ", given.Select(p => p.Default))}", section);
            foreach (var variant in kind.Parameters.Where(p => p.Kind == ParameterKind.Variant))
            {
                var words = given.Select(p => p.Name).Append(variant.Name);
                Assert.Contains($"`{kind.Name}({string.Join(",", words)})`", section);
            }

            Assert.All(kind.Outputs, output => Assert.Contains($"`.{output}", section));
            Assert.Contains("Confirmed by:", section);
            Assert.Contains("Flat market:", section);
        }
    }
}
