using System.Buffers;
using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Terminal;

/// <summary>Creates JSON in the format of a node's answer, without a node.</summary>
internal static class JsonObject
{
    /// <summary>Creates an object; the delegate writes its members.</summary>
    public static JsonDocument Of(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, ReadableJson.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(bytes.WrittenMemory.ToArray());
    }
}
