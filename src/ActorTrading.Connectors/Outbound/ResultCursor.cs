using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrading.Engine;

namespace ActorTrading.Connectors.Outbound;

/// <summary>
/// The position up to which a connector has delivered results, in a file that is always replaced as a whole, after the delivery.
/// </summary>
public sealed class ResultCursor(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>
    /// Reads the position; null if there is no file. <c>IsBeginning</c>: nothing was delivered yet, and the results after the position must
    /// be sent.
    /// </summary>
    /// <exception cref="ConnectorException">The file is damaged, or cannot be read.</exception>
    public (ResultPosition Position, bool IsBeginning)? Load()
    {
        try
        {
            if (!File.Exists(path)) return null;
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json);
            return ResultPosition.TryParse(content?.Position, out var position)
                ? (position, content!.Beginning)
                : throw new ConnectorException($"{path}: it contains no position");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ConnectorException($"{path}: not a cursor of a connector: {exception.Message}", exception);
        }
    }

    /// <summary>Replaces the position durably.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(ResultPosition position, bool isBeginning = false)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        var content = new Content { Position = position.ToString(), Beginning = isBeginning };
        PrivateFiles.Replace(path, file => JsonSerializer.Serialize(file, content, Json));
    }

    private sealed record Content
    {
        public required string Position { get; init; }

        public bool Beginning { get; init; }
    }
}
