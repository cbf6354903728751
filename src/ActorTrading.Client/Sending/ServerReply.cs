using System.Text;
using System.Text.Json;

namespace ActorTrading.Client.Sending;

/// <summary>Kinds of server lines.</summary>
internal enum ServerReplyKind
{
    /// <summary>A line that the client ignores: a hello, a heartbeat, or a message of a later version.</summary>
    Other,

    /// <summary>A number of input items was processed.</summary>
    Ack,

    /// <summary>An item was rejected.</summary>
    Reject,

    /// <summary>The server closes the connection.</summary>
    Error,
}

/// <summary>A line of the server: its kind, the number of processed items, the error code, and the text.</summary>
internal readonly record struct ServerReply(ServerReplyKind Kind, long Handled = 0, string Code = "", string Text = "")
{
    /// <summary>Parses a line.</summary>
    /// <exception cref="InvalidDataException">The line is not a JSON object.</exception>
    public static ServerReply Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            if (root.TryGetProperty("handled"u8, out var handled)) return new(ServerReplyKind.Ack, handled.GetInt64());
            if (root.TryGetProperty("reject"u8, out var reject)) return new(ServerReplyKind.Reject, Text: reject.GetRawText());
            if (!root.TryGetProperty("error"u8, out var error)) return default;
            return new(
                ServerReplyKind.Error, 0, error.GetProperty("code"u8).GetString() ?? "", error.GetProperty("message"u8).GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"The server answered '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])}'.", e);
        }
    }

    /// <summary>
    /// Whether the error is permanent: a reconnect would give the same error, because the hello is not valid or another connection has
    /// replaced this one.
    /// </summary>
    public static bool IsFinal(string code) => code is "bad_hello" or "hello_required" or "not_allowed" or "superseded" or "wrong_protocol";
}
