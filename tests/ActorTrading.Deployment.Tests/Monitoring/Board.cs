using System.Text.Json;

namespace ActorTrading.Deployment.Tests.Monitoring;

/// <summary>A query of the dashboard, with its variables replaced by values.</summary>
internal sealed record BoardQuery(string Panel, string Expression);

/// <summary>The Grafana dashboard.</summary>
internal static class Board
{
    public const string File = "monitoring/grafana/actortrading.json";

    /// <summary>Every query of every panel.</summary>
    public static IReadOnlyList<BoardQuery> Queries()
    {
        using var board = JsonDocument.Parse(Repository.Read(File));
        return
        [
            .. from panel in board.RootElement.GetProperty("panels").EnumerateArray()
               where panel.TryGetProperty("targets", out _)
               from target in panel.GetProperty("targets").EnumerateArray()
               select new BoardQuery(
                   panel.GetProperty("title").GetString()!,
                   target.GetProperty("expr").GetString()!.Replace("$job", "actortrading", StringComparison.Ordinal)
                       .Replace("$instance", ".*", StringComparison.Ordinal)),
        ];
    }
}
