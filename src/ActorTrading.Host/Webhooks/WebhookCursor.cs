using System.Text.Json;
using ActorTrading.Engine;

namespace ActorTrading.Host.Webhooks;

/// <summary>
/// The position of a webhook in the signal log: a file that is always replaced as a whole, after the delivery of the signal. The log and
/// this position form the outbox. A crash between a delivery and the update of its position repeats the delivery with the same key.
/// </summary>
internal sealed class WebhookCursor(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The position of the last processed signal; null when there is no cursor yet.</summary>
    /// <exception cref="WebhookException">The file is damaged or cannot be read.</exception>
    public long? Load()
    {
        try
        {
            if (!File.Exists(path)) return null;
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json);
            return content is { Position: >= 0 } ? content.Position : throw new WebhookException($"{path}: it contains no position");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new WebhookException($"{path}: not a webhook cursor: {exception.Message}");
        }
    }

    /// <summary>Replaces the position durably.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(long position) =>
        PrivateFiles.Replace(path, file => JsonSerializer.Serialize(file, new Content { Position = position }, Json));

    private sealed record Content
    {
        public required long Position { get; init; }
    }
}

/// <summary>A webhook cannot start; the message names the file and the reason.</summary>
internal sealed class WebhookException(string message) : Exception(message);
