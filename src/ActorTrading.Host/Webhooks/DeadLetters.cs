using System.Buffers;
using System.Text.Json;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Webhooks;

/// <summary>
/// Signals that the other side will not have: a line of JSON each, with the reason, appended durably. When the file has grown to its
/// limit it is set aside, in the place of the one that was there.
/// </summary>
internal sealed class DeadLetters(string path, string aside, long maxBytes)
{
    /// <summary>Keeps a signal.</summary>
    /// <exception cref="IOException">The disk will not have it.</exception>
    public void Add(LoggedSignal logged, DateTimeOffset time, int attempts, string reason)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, ReadableJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime);
            json.WriteString("reason", reason);
            json.WriteNumber("attempts", attempts);
            json.WriteNumber("position", logged.Position);
            json.WritePropertyName("signal");
            SignalJson.Write(logged.Signal, json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        if (File.Exists(path) && new FileInfo(path).Length + line.WrittenCount > maxBytes) File.Move(path, aside, overwrite: true);
        using var file = PrivateFiles.Open(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(line.WrittenSpan);
        file.Flush(flushToDisk: true);
    }
}
