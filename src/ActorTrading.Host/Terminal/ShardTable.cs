using System.Globalization;
using System.Text.Json;

namespace ActorTrading.Host.Terminal;

/// <summary>What a node says of the shards, as rows of text.</summary>
internal static class ShardTable
{
    /// <summary>What stands behind a node that did not answer.</summary>
    public const string Silent = "silent";

    /// <summary>What stands for the owner of a shard that has none.</summary>
    public const string Nobody = "nobody";

    /// <summary>The columns of <see cref="Shards"/>.</summary>
    public static IReadOnlyList<string> ShardColumns { get; } =
        ["region", "shard", "owner", "symbols", "rate", "waiting", "lag_seconds", "last_event", "at", "moves"];

    /// <summary>The columns of <see cref="Nodes"/>.</summary>
    public static IReadOnlyList<string> NodeColumns { get; } = ["node", "shards", "symbols", "rate", "waiting", "lag_seconds"];

    /// <summary>A row for each shard.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Shards(JsonElement answer) =>
        [.. answer.GetProperty("shards").EnumerateArray().Select(ShardRow)];

    /// <summary>A row for each node, those last that did not answer.</summary>
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

    /// <summary>The shards that matter most at the moment: those behind, then the busy ones.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Busiest(JsonElement answer, int most) =>
    [
        .. answer.GetProperty("shards").EnumerateArray()
            .OrderByDescending(shard => shard.GetProperty("owner").ValueKind == JsonValueKind.Null)
            .ThenByDescending(shard => Math.Floor(shard.GetProperty("lag_seconds").GetDouble()))
            .ThenByDescending(shard => shard.GetProperty("rate").GetDouble()).ThenBy(shard => shard.GetProperty("shard").GetInt32())
            .Take(most).Select(ShardRow),
    ];

    /// <summary>Prints nodes, then shards.</summary>
    public static void Print(JsonElement answer, TextWriter text)
    {
        JsonTables.PrintRows(NodeColumns, Nodes(answer), text);
        if (answer.GetProperty("shards").GetArrayLength() == 0)
        {
            text.Say("No shard has been needed yet.");
            return;
        }

        text.WriteLine();
        JsonTables.PrintRows(ShardColumns, Shards(answer), text);
    }

    /// <summary>A line for each node, for logs.</summary>
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
