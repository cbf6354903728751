using System.Buffers;
using System.Text.Json;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Writes a bar, a late record or an accepted record in the format for subscribers: one JSON object.</summary>
internal static class LiveEventJson
{
    public static byte[] Of(LiveEvent happened, Node node)
    {
        var content = new ArrayBufferWriter<byte>(256);
        if (happened.Bar is not { } bar)
        {
            RecordWriter.Write((happened.Late ?? happened.Tick)!.Value, Dialect.Canonical, content);
            return content.WrittenSpan.TrimEnd((byte)'\n').ToArray();
        }

        using var json = new Utf8JsonWriter(content, ReadableJson.Options);
        json.WriteStartObject();
        BarJson.WriteNamed(json, bar, node.Plan.For(bar.Symbol));
        json.WriteEndObject();
        json.Flush();
        return content.WrittenSpan.ToArray();
    }
}
