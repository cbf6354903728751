using System.Text.Json;
using ActorTrading.Engine.Nodes;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes a cluster as members of an object.</summary>
internal static class ClusterJson
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter json, ClusterReport report)
    {
        json.WriteString("name", report.Name);
        json.WriteString("self", report.Self);
        json.WriteString("oldest", report.Oldest);
        json.WriteStartArray("nodes");
        foreach (var member in report.Members) Write(json, member, report);
        json.WriteEndArray();
        json.WriteTexts("silent", report.Shards.SilentNodes);
        json.WriteStartArray("singletons");
        foreach (var singleton in report.Singletons)
        {
            json.WriteStartObject();
            json.WriteString("name", singleton.Name);
            json.WriteString("node", singleton.Node);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteJournal(json, report);
        json.WriteString("region", report.Shards.Region);
        json.WriteNumber("shard_count", report.ShardCount);
        json.WriteStartArray("shards");
        foreach (var shard in report.Shards.Shards) ShardJson.Write(json, report.Shards.Region, shard);
        json.WriteEndArray();
        WriteHistory(json, report);
    }

    private static void Write(Utf8JsonWriter json, MemberReport member, ClusterReport report)
    {
        json.WriteStartObject();
        json.WriteString("node", member.Node);
        json.WriteTexts("roles", member.Roles);
        json.WriteString("membership", member.Membership);
        json.WriteBoolean("reachable", member.IsReachable);
        json.WriteBoolean("answers", member.Status is not null);
        json.WriteNumber("shards", report.Shards.Shards.Count(shard => shard.Owner == member.Node));
        if (member.Status is { } status) Write(json, status);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, NodeStatus status)
    {
        json.WriteString("http", OrNull(status.Http));
        json.WriteString("ticks", OrNull(status.Ticks));
        json.WriteString("status", status.Status);
        json.WriteTexts("problems", status.Problems);
        json.WriteString("version", status.Version);
        json.WriteNumber("process", status.Process);
        json.WriteTime("started", status.Started);
        json.WriteNumber("processor", Math.Round(status.Processor, 3));
        json.WriteNumber("processors", status.Processors);
        json.WriteNumber("memory_bytes", status.Memory);
        json.WriteNumber("symbols", status.Symbols);
        json.WriteNumber("records", status.Records);
        json.WriteNumber("rate", Math.Round(status.Rate, 1));
        json.WriteNumber("waiting", status.Waiting);
        json.WriteNumber("lag_seconds", status.Lag.TotalSeconds);
        json.WriteNumber("connections", status.Connections);
        json.WriteStartObject("journal");
        json.WriteString("fault", OrNull(status.JournalFault));
        Write(json, status.Commits);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CommitTimes commits)
    {
        json.WriteNumber("commits", commits.Count);
        json.WriteNumber("p50_seconds", commits.P50.TotalSeconds);
        json.WriteNumber("p99_seconds", commits.P99.TotalSeconds);
    }

    /// <summary>Writes the journal of all nodes: any problem, the sum of the commits, and the times of the slowest node.</summary>
    private static void WriteJournal(Utf8JsonWriter json, ClusterReport report)
    {
        var statuses = report.Members.Select(member => member.Status).OfType<NodeStatus>().ToList();
        json.WriteStartObject("journal");
        json.WriteString("location", statuses.FirstOrDefault(status => status.Node == report.Self)?.Journal);
        var faulty = statuses.Find(status => status.JournalFault.Length > 0);
        json.WriteString("fault", faulty is null ? null : $"{faulty.Node}: {faulty.JournalFault}");
        Write(json, new CommitTimes(
            statuses.Sum(status => status.Commits.Count),
            statuses.Select(status => status.Commits.P50).DefaultIfEmpty().Max(),
            statuses.Select(status => status.Commits.P99).DefaultIfEmpty().Max()));
        json.WriteEndObject();
    }

    private static void WriteHistory(Utf8JsonWriter json, ClusterReport report)
    {
        json.WriteNumber("last_event", report.LastEvent);
        json.WriteStartArray("events");
        foreach (var one in report.Events)
        {
            json.WriteStartObject();
            json.WriteNumber("number", one.Number);
            json.WriteTime("time", one.Time);
            json.WriteString("event", NameOf(one.Kind));
            json.WriteString("node", one.Node);
            if (one.Shard is { } shard) json.WriteNumber("shard", shard);
            if (one.From is { } from) json.WriteString("from", from);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(HistoryEventKind kind) =>
        kind == HistoryEventKind.ShardMoved ? "shard_moved" : kind.ToString().ToLowerInvariant();

    private static string? OrNull(string text) => text.Length > 0 ? text : null;
}
