using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrading.Engine;

namespace ActorTrading.Connectors.Outbound;

/// <summary>
/// How far results of a connector were delivered: a file that is always replaced as a whole, after what it tells of.
/// </summary>
public sealed class ResultCursor(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>
    /// What was kept; null where nothing was. <c>IsBeginning</c>: nothing was delivered yet, and results behind the position are to be.
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
                : throw new ConnectorException($"{path}: it holds no position");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ConnectorException($"{path}: no cursor of a connector: {exception.Message}", exception);
        }
    }

    /// <summary>Puts a position in the place of the one before, durably.</summary>
    /// <exception cref="IOException">The disk will not have it.</exception>
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
