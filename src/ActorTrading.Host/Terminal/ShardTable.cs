using System.Globalization;
using System.Text.Json;

namespace ActorTrading.Host.Terminal;

/// <summary>The shards of a node's answer, as rows of text.</summary>
internal static class ShardTable
{
    /// <summary>The text beside a node that did not answer.</summary>
    public const string Silent = "silent";

    /// <summary>The text for the owner of a shard without an owner.</summary>
    public const string Nobody = "nobody";

    /// <summary>The columns of <see cref="Shards"/>.</summary>
    public static IReadOnlyList<string> ShardColumns { get; } =
        ["region", "shard", "owner", "symbols", "rate", "waiting", "lag_seconds", "last_event", "at", "moves"];

    /// <summary>The columns of <see cref="Nodes"/>.</summary>
    public static IReadOnlyList<string> NodeColumns { get; } = ["node", "shards", "symbols", "rate", "waiting", "lag_seconds"];

    /// <summary>One row per shard.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Shards(JsonElement answer) =>
        [.. answer.GetProperty("shards").EnumerateArray().Select(ShardRow)];

    /// <summary>One row per node; nodes that did not answer are last.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Nodes(JsonElement answer)
    {
        var silent = answer.GetProperty("silent").EnumerateArray().Select(node => node.GetString()!).ToHashSet();
        var hosts = answer.GetProperty("nodes").EnumerateArray().ToList();
        return
        [
            .. hosts.Where(node => !silent.Contains(JsonTables.Spell(node, "node")))
                .Select(node => (IReadOnlyList<string>)[.. NodeColumns.Select(column => JsonTables.Spell(node, column))]),
            .. silent.Order(StringComparer.Ordinal).Select(node => (IReadOnlyList<string>)[$"{node} {Silent}", "", "", "", "", ""]),
        ];
    }

    /// <summary>The most important shards: those with a lag first, then the busiest.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Busiest(JsonElement answer, int most) =>
    [
        .. answer.GetProperty("shards").EnumerateArray()
            .OrderByDescending(shard => shard.GetProperty("owner").ValueKind == JsonValueKind.Null)
            .ThenByDescending(shard => Math.Floor(shard.GetProperty("lag_seconds").GetDouble()))
            .ThenByDescending(shard => shard.GetProperty("rate").GetDouble()).ThenBy(shard => shard.GetProperty("shard").GetInt32())
            .Take(most).Select(ShardRow),
    ];

    /// <summary>Prints the nodes, then the shards.</summary>
    public static void Print(JsonElement answer, TextWriter text)
    {
        JsonTables.PrintRows(NodeColumns, Nodes(answer), text);
        if (answer.GetProperty("shards").GetArrayLength() == 0)
        {
            text.Say("No shard has been allocated yet.");
            return;
        }

        text.WriteLine();
        JsonTables.PrintRows(ShardColumns, Shards(answer), text);
    }

    /// <summary>Prints one line per node, for logs.</summary>
    public static void PrintLines(JsonElement answer, DateTime now, TextWriter text)
    {
        var time = now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        foreach (var node in Nodes(answer))
            text.Say(node[1].Length == 0
                ? $"{time}  node={node[0]}"
                : $"{time}  {string.Join("  ", NodeColumns.Zip(node, (column, value) => $"{column}={value}"))}");
    }

    private static IReadOnlyList<string> ShardRow(JsonElement shard)
    {
        var last = shard.GetProperty("last_event");
        var (happened, at) = last.ValueKind == JsonValueKind.Null
            ? ("", "")
            : ($"{JsonTables.Spell(last, "symbol")} #{JsonTables.Spell(last, "event")}", JsonTables.Spell(last, "time")[11..19]);
        return [.. ShardColumns.Select(column => column switch
        {
            "last_event" => happened,
            "at" => at,
            "owner" when shard.GetProperty("owner").ValueKind == JsonValueKind.Null => Nobody,
            _ => JsonTables.Spell(shard, column),
        })];
    }
}
