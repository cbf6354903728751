using System.Text.Json;

namespace ActorTrading.Lab.Crashing;

/// <summary>A check: its name, whether it holds, and the figures or the error.</summary>
internal sealed record CrashCheck(string Name, bool Holds, string Detail)
{
    /// <summary>Writes checks as a property of a JSON object.</summary>
    public static void Write(IEnumerable<CrashCheck> checks, Utf8JsonWriter json)
    {
        json.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("check", check.Name);
            json.WriteBoolean("holds", check.Holds);
            json.WriteString("detail", check.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
