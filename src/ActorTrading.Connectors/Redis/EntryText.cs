using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ActorTrading.Domain.Admission;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// Converts stream entries to messages: the configured field, or the only field if its value is a JSON object or array, otherwise a JSON
/// object of all fields. The values of that object are strings; the record parser also accepts strings as numbers.
/// </summary>
internal sealed class EntryText(string? field)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>The message of an entry, in its own memory.</summary>
    /// <param name="entry">Field, value, field, value and so on.</param>
    /// <param name="refusal">The rejection if there is no message; otherwise null.</param>
    public ReadOnlyMemory<byte> Read(RedisResult[] entry, out Rejection? refusal)
    {
        refusal = null;
        if (field is not null)
        {
            for (var i = 0; i + 1 < entry.Length; i += 2)
            {
                if ((string?)entry[i] == field) return Bytes(entry[i + 1]);
            }

            refusal = new Rejection(RejectReason.MissingField, field, "")
            {
                Hint = "The setting message_field names the field of an entry that holds the message.",
            };
            return ReadOnlyMemory<byte>.Empty;
        }

        if (entry.Length == 2 && Bytes(entry[1]) is [(byte)'{' or (byte)'[', ..] only) return only;
        return Object(entry, out refusal);
    }

    /// <summary>A fingerprint of an entry, to distinguish it from another entry with the same id.</summary>
    public static string Print(RedisResult[] entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in entry)
        {
            var bytes = Bytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private ReadOnlyMemory<byte> Object(RedisResult[] entry, out Rejection? refusal)
    {
        refusal = null;
        buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        for (var i = 0; i + 1 < entry.Length; i += 2)
        {
            var (name, value) = (Bytes(entry[i]), Bytes(entry[i + 1]));
            if (!Utf8.IsValid(name) || !Utf8.IsValid(value))
            {
                refusal = new Rejection(RejectReason.Malformed, "entry", "a field or value that is not UTF-8");
                return ReadOnlyMemory<byte>.Empty;
            }

            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Bytes(RedisResult part) => (byte[]?)part ?? [];
}
