using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorTrading.Engine.Auditing;

/// <summary>Formats records of the audit log as lines, one JSON object each.</summary>
internal static class AuditLines
{
    private const int LongestText = 256;

    private static readonly JsonWriterOptions Plain = new()
    {
        SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a line.</summary>
    public static void Write(IBufferWriter<byte> output, DateTimeOffset time, AuditRecord record)
    {
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("caller", Cut(record.Caller));
            json.WriteString("peer", record.Peer);
            json.WriteString("door", record.Port.ToString().ToLowerInvariant());
            json.WriteString("action", record.Action);
            json.WriteString("target", Cut(record.Target));
            json.WriteString("outcome", record.Outcome.ToString().ToLowerInvariant());
            if (record.Reason.Length > 0) json.WriteString("reason", Cut(record.Reason));
            if (record.Change > 0) json.WriteNumber("change", record.Change);
            if (record.Count > 1) json.WriteNumber("count", record.Count);
            if (record.Details.Count > 0)
            {
                json.WriteStartObject("details");
                foreach (var (name, value) in record.Details) json.WriteString(name, Cut(value));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>Truncates a text: callers choose some of the texts, so their length is bounded.</summary>
    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
