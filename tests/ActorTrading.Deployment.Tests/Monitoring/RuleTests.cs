using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorTrading.Deployment.Tests.Monitoring;

/// <summary>Prometheus rules and the Grafana dashboard, without a node.</summary>
public sealed partial class RuleTests
{
    [SkippableFact]
    public async Task Rules_AreSound() => await Tools.OutputAsync("promtool", "check", "rules", Repository.PathOf("monitoring/rules.yaml"));

    [SkippableFact]
    public async Task Rules_FireWhenTheyShouldAndOnlyThen() =>
        await Tools.OutputAsync("promtool", "test", "rules", Repository.PathOf("monitoring/rules.test.yaml"));

    [Fact]
    public void EveryAlert_IsTestedAndHasARunbook()
    {
        var rules = Repository.Read("monitoring/rules.yaml");
        var tests = Repository.Read("monitoring/rules.test.yaml");
        var docs = Repository.Read("docs/deploying.md");
        var alerts = Alert().Matches(rules).Select(match => match.Groups[1].Value).ToArray();

        Assert.True(alerts.Length > 8);
        Assert.Equal(
            alerts.Select(alert => $"docs/deploying.md#{alert.ToLowerInvariant()}").Order(),
            Runbook().Matches(rules).Select(match => match.Groups[1].Value).Order());
        Assert.All(alerts, alert => Assert.Contains($"\n#### {alert}\n", docs, StringComparison.Ordinal));
        Assert.All(alerts, alert => Assert.Matches($"alertname: {alert}\n\\s+exp_alerts:\n\\s+- exp_labels", tests));
    }

    [Fact]
    public void Metrics_AreOnesThatTheDocumentationKnows()
    {
        var docs = Repository.Read("docs/metrics.md");
        var used = Metric()
            .Matches(Repository.Read("monitoring/rules.yaml") + string.Join('\n', Board.Queries().Select(query => query.Expression)))
            .Select(match => match.Value).Distinct().ToArray();

        Assert.True(used.Length > 20);
        Assert.All(used, metric => Assert.Contains($"`{Histogram().Replace(metric, "")}`", docs, StringComparison.Ordinal));
    }

    [Fact]
    public void Board_HasAPlaceForEveryPanel()
    {
        using var board = JsonDocument.Parse(Repository.Read(Board.File));
        var taken = new HashSet<(int, int)>();
        foreach (var place in board.RootElement.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("gridPos")))
        {
            int At(string name) => place.GetProperty(name).GetInt32();
            Assert.True(At("x") + At("w") <= 24);
            foreach (var x in Enumerable.Range(At("x"), At("w")))
            foreach (var y in Enumerable.Range(At("y"), At("h")))
                Assert.True(taken.Add((x, y)), $"two panels at {x}, {y}");
        }

        var ids = board.RootElement.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [GeneratedRegex("alert: (\\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex("runbook: (\\S+)")]
    private static partial Regex Runbook();

    [GeneratedRegex("actortrading_\\w+")]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Histogram();
}
