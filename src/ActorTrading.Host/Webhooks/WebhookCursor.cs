using System.Text.Json;
using ActorTrading.Engine;

namespace ActorTrading.Host.Webhooks;

/// <summary>
/// How far a webhook has come in the signal log: a file that is always replaced as a whole, after what it tells of was delivered. The
/// log and this position are the outbox; a crash between a delivery and its position makes the delivery come again, with the same key.
/// </summary>
internal sealed class WebhookCursor(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The position of the last signal dealt with; null where there is no cursor yet.</summary>
    /// <exception cref="WebhookException">It is damaged, or cannot be read.</exception>
    public long? Load()
    {
        try
        {
            if (!File.Exists(path)) return null;
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json);
            return content is { Position: >= 0 } ? content.Position : throw new WebhookException($"{path}: it holds no position");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new WebhookException($"{path}: no cursor of a webhook: {exception.Message}");
        }
    }

    /// <summary>Puts a position in the place of the one before, durably.</summary>
    /// <exception cref="IOException">The disk will not have it.</exception>
    public void Save(long position) =>
        PrivateFiles.Replace(path, file => JsonSerializer.Serialize(file, new Content { Position = position }, Json));

    private sealed record Content
    {
        public required long Position { get; init; }
    }
}

/// <summary>A webhook cannot begin; the message names the file and says why.</summary>
internal sealed class WebhookException(string message) : Exception(message);
