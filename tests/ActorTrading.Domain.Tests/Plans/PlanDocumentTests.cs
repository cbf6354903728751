using ActorTrading.Domain.Plans;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Plans;

/// <summary>The examples of docs/plan.md give the documented results.</summary>
public class PlanDocumentTests
{
    private static readonly string Text =
        File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "plan.md")).ReplaceLineEndings("\n");

    [Fact]
    public void TheExample_IsAPlan()
    {
        var plan = Plan.Parse(Text.Split("```json")[1].Split("```")[0]);
        Assert.Equal(2, plan.Overrides.Count);
    }

    [Theory]
    [InlineData("""{"frame":[]}""")]
    [InlineData("""{"symbols":{"AAPL":{"frames":["1mins"]}}}""")]
    public void TheErrorsShown_AreThoseOfTheReader(string json) =>
        Assert.Contains($"    {Assert.Single(PlanTests.Refuse(json))}\n", Text);
}
