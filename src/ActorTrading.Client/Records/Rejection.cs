using System.Text.Json;

namespace ActorTrading.Client.Records;

/// <summary>A record that the node refused.</summary>
/// <param name="Reason">Why, such as <c>price_not_positive</c>.</param>
/// <param name="Field">The field at fault.</param>
/// <param name="Value">What stood there.</param>
public sealed record Rejection(string Reason, string Field, string Value)
{
    /// <summary>The record's number; null where it could not be read.</summary>
    public long? Seq { get; init; }

    /// <summary>What to do, where the node says it.</summary>
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

/// <summary>What became of the records of a request.</summary>
/// <param name="Received">How many there were.</param>
/// <param name="Applied">How many changed the state of a symbol.</param>
/// <param name="Late">How many came after their bar had closed.</param>
/// <param name="Duplicate">How many were there already.</param>
/// <param name="Rejected">How many were refused.</param>
public sealed record IngestResult(long Received, long Applied, long Late, long Duplicate, long Rejected)
{
    /// <summary>The refusals, a hundred at most.</summary>
    public IReadOnlyList<Rejection> Rejections { get; init; } = [];
}
