using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrading.Engine;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>
/// The position of a feed in a growing file: a small file, replaced as a whole, and never ahead of the acknowledgements of the node. The
/// records of a file are numbered by source, epoch and seq; the next file with the same name has the next epoch.
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

    /// <summary>The source of records without a source.</summary>
    public required string Source { get; init; }

    /// <summary>The epoch of the file's records: 0 for the first file, increased by one for each file that replaced it.</summary>
    public long Epoch { get; init; }

    /// <summary>Number of acknowledged records, from the first one of the file.</summary>
    public long Acknowledged { get; init; }

    /// <summary>
    /// Number of bytes that the format was detected from; 0 before detection. A later run uses the same bytes, so that it numbers the
    /// records identically.
    /// </summary>
    public int Looked { get; init; }

    /// <summary>The head of the file, which identifies it.</summary>
    public FileHead Head { get; init; } = FileHead.Empty;

    /// <summary>Creates the cursor of a new file.</summary>
    public static FollowCursor Begin(string to, string source) => new() { To = to, Source = source };

    /// <summary>Reads a cursor; null when there is none.</summary>
    /// <exception cref="CommandException">The cursor is damaged, cannot be read, or belongs to another node or source.</exception>
    public static FollowCursor? Load(string path, string to, string source)
    {
        try
        {
            if (!File.Exists(path)) return null;
            if (JsonSerializer.Deserialize<FollowCursor>(
                File.ReadAllBytes(path), Json) is not { Epoch: >= 0, Acknowledged: >= 0, Looked: >= 0 } cursor)
                throw new CommandException(ExitCode.BadInput, $"{path}: not a feed cursor: it contains no position");
            if (cursor.To != to) throw Differs(path, $"--to {cursor.To}");
            if (cursor.Source != source) throw Differs(path, $"--source '{cursor.Source}'");
            return cursor;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: not a feed cursor: {exception.Message}");
        }
    }

    /// <summary>Replaces the cursor atomically: a crash leaves the old or the new one.</summary>
    /// <exception cref="CommandException">The cursor cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            PrivateFiles.Replace(path, file => JsonSerializer.Serialize(file, this, Json), isPrivate: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.BadOutput, $"{path}: cannot be written: {exception.Message} --cursor sets another file.");
        }
    }

    private static CommandException Differs(string path, string how) =>
        new(ExitCode.Usage, $"{path}: is the cursor of a feed with {how}; use the same, or another --cursor.");
}
