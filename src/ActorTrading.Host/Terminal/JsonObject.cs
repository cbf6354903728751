using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorTrading.Host.Terminal;

/// <summary>What a node would have answered, made without one.</summary>
internal static class JsonObject
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object; the delegate writes its members.</summary>
    public static JsonDocument Of(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(bytes.WrittenMemory.ToArray());
    }
}
