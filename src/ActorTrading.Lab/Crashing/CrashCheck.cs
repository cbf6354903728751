using System.Text.Json;

namespace ActorTrading.Lab.Crashing;

/// <summary>One thing that must hold, whether it does, and the figures or the fault.</summary>
internal sealed record CrashCheck(string Name, bool Holds, string Detail)
{
    /// <summary>Writes checks as a property of an object.</summary>
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
