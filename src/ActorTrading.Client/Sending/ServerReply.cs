using System.Text;
using System.Text.Json;

namespace ActorTrading.Client.Sending;

/// <summary>What a line of the server says.</summary>
internal enum ServerReplyKind
{
    /// <summary>Something that a client need not know: a hello, a heartbeat, or news of a later version.</summary>
    Other,

    /// <summary>So many pieces of input are handled.</summary>
    Ack,

    /// <summary>Something was refused.</summary>
    Reject,

    /// <summary>The server closes.</summary>
    Error,
}

/// <summary>A line of the server: what it says, how much is handled, the code of an error, and its words.</summary>
internal readonly record struct ServerReply(ServerReplyKind Kind, long Handled = 0, string Code = "", string Text = "")
{
    /// <summary>Reads a line.</summary>
    /// <exception cref="InvalidDataException">It is no JSON object.</exception>
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
            throw new InvalidDataException($"The server said '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])}'.", e);
        }
    }

    /// <summary>Whether the same client would be told the same again: its hello is at fault, or another one has taken its place.</summary>
    public static bool IsFinal(string code) => code is "bad_hello" or "hello_required" or "not_allowed" or "superseded" or "wrong_protocol";
}
