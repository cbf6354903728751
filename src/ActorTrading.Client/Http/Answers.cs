using System.Text.Json;

namespace ActorTrading.Client.Http;

/// <summary>Parses the node's responses.</summary>
internal static class Answers
{
    /// <summary>Parses a JSON text.</summary>
    /// <exception cref="FormatException">The text does not have the expected form.</exception>
    public static T Read<T>(string text, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return read(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"The node answered '{text[..Math.Min(text.Length, 80)]}': {exception.Message}", exception);
        }
    }

    /// <summary>The member <c>values</c>: numbers by name, null for an absent value.</summary>
    public static Dictionary<string, double?> Values(JsonElement json)
    {
        var values = new Dictionary<string, double?>();
        if (!json.TryGetProperty("values", out var found) || found.ValueKind != JsonValueKind.Object) return values;
        foreach (var value in found.EnumerateObject())
            values[value.Name] = value.Value.ValueKind == JsonValueKind.Number ? value.Value.GetDouble() : null;
        return values;
    }
}
