using System.Text.Json;

namespace ActorTrading.Client.Records;

/// <summary>A record that the node rejected.</summary>
/// <param name="Reason">The reason, such as <c>price_not_positive</c>.</param>
/// <param name="Field">The field in error.</param>
/// <param name="Value">The value of the field.</param>
public sealed record Rejection(string Reason, string Field, string Value)
{
    /// <summary>The sequence number of the record; null if it could not be read.</summary>
    public long? Seq { get; init; }

    /// <summary>The node's advice, if any.</summary>
    public string? Advice { get; init; }

    internal static Rejection Of(JsonElement json) =>
        new(Text(json, "reason") ?? "", Text(json, "field") ?? "", Text(json, "value") ?? "")
        {
            Seq = json.TryGetProperty("seq", out var seq) && seq.TryGetInt64(out var number) ? number : null,
            Advice = Text(json, "advice"),
        };

    private static string? Text(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}

/// <summary>The result of an ingest request.</summary>
/// <param name="Received">Number of records in the request.</param>
/// <param name="Applied">Number of records that changed the state of a symbol.</param>
/// <param name="Late">Number of records that arrived after their bar had closed.</param>
/// <param name="Duplicate">Number of duplicates.</param>
/// <param name="Rejected">Number of rejected records.</param>
public sealed record IngestResult(long Received, long Applied, long Late, long Duplicate, long Rejected)
{
    /// <summary>The rejections, at most one hundred.</summary>
    public IReadOnlyList<Rejection> Rejections { get; init; } = [];
}
