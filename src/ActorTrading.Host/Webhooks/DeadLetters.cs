using System.Buffers;
using System.Text.Json;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Webhooks;

/// <summary>
/// A dead-letter file of signals that the receiver rejected: one JSON line each, with the reason, appended durably. When the file reaches
/// its size limit, it is renamed and replaces the previously renamed file.
/// </summary>
internal sealed class DeadLetters(string path, string aside, long maxBytes)
{
    /// <summary>Appends a signal.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
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
