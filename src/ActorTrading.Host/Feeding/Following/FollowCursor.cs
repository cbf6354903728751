using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrading.Engine;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>
/// How far a growing file was fed: kept in a small file, replaced as a whole, and never ahead of what the node has acknowledged. The
/// records of a
/// file are numbered by source, epoch and seq; the next file of the same name has the next epoch.
/// </summary>
internal sealed record FollowCursor
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            WriteIndented = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The node, as host and port.</summary>
    public required string To { get; init; }

    /// <summary>The source of records that name none.</summary>
    public required string Source { get; init; }

    /// <summary>The epoch of the file's records: 0 for the first file, one more for each that took its place.</summary>
    public long Epoch { get; init; }

    /// <summary>Records of the file that are acknowledged, from its first one on.</summary>
    public long Acknowledged { get; init; }

    /// <summary>
    /// Bytes that the format was detected from; 0 before it was. A later run looks at the same bytes, so that it numbers records in
    /// the same way.
    /// </summary>
    public int Looked { get; init; }

    /// <summary>The first bytes of the file, by which it is known again.</summary>
    public FileHead Head { get; init; } = FileHead.Empty;

    /// <summary>The cursor of a file of which nothing was fed.</summary>
    public static FollowCursor Begin(string to, string source) => new() { To = to, Source = source };

    /// <summary>Reads a cursor; null if there is none.</summary>
    /// <exception cref="CommandException">It is damaged or cannot be read, or belongs to another node or source.</exception>
    public static FollowCursor? Load(string path, string to, string source)
    {
        try
        {
            if (!File.Exists(path)) return null;
            if (JsonSerializer.Deserialize<FollowCursor>(
                File.ReadAllBytes(path), Json) is not { Epoch: >= 0, Acknowledged: >= 0, Looked: >= 0 } cursor)
                throw new CommandException(ExitCode.BadInput, $"{path}: no cursor of a feed: it holds no position");
            if (cursor.To != to) throw Differs(path, $"--to {cursor.To}");
            if (cursor.Source != source) throw Differs(path, $"--source '{cursor.Source}'");
            return cursor;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: no cursor of a feed: {exception.Message}");
        }
    }

    /// <summary>Replaces the cursor; a crash leaves the old one or the new one.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            PrivateFiles.Replace(path, file => JsonSerializer.Serialize(file, this, Json), isPrivate: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.BadOutput, $"{path}: cannot be written: {exception.Message} --cursor names another place for it.");
        }
    }

    private static CommandException Differs(string path, string how) =>
        new(ExitCode.Usage, $"{path}: is the cursor of a feed with {how}; go on with that, or name another --cursor.");
}
