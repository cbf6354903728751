using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrading.Engine;

namespace ActorTrading.Host.Exporting;

/// <summary>
/// The position of an export: a small file beside the output, always replaced as a whole, after its data is on disk. Bytes of the output
/// after <see cref="Bytes"/> are ignored.
/// </summary>
internal sealed record ExportCursor
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true, RespectNullableAnnotations = true,
    };

    /// <summary>The format of the output.</summary>
    public required string Format { get; init; }

    /// <summary>The exported symbols; empty for all.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>Whether lines contain positions.</summary>
    public required bool Positions { get; init; }

    /// <summary>The position after which the output begins.</summary>
    public required long After { get; init; }

    /// <summary>The position of the last event whose records are in the output.</summary>
    public required long Position { get; init; }

    /// <summary>
    /// The persistence id of that event. With its sequence number, it detects a different journal. Null before the first event.
    /// </summary>
    public string? PersistenceId { get; init; }

    /// <summary>The sequence number of that event; see <see cref="PersistenceId"/>.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Number of output bytes that contain everything up to the position; 0 for a folder.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of symbol groups with separate files.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The path of the cursor file of an output.</summary>
    public static string PathOf(string output) => output + ".cursor";

    /// <summary>Creates a cursor at the beginning of an export.</summary>
    public static ExportCursor Begin(ExportRequest request) => new()
    {
        Format = request.Format, Symbols = [.. request.Symbols.Select(symbol => symbol.Name)], Positions = request.Positions,
        After = request.After, Position = request.After, Bytes = 0, Groups = request.Groups,
    };

    /// <summary>Reads the cursor of an output; null when there is none.</summary>
    /// <exception cref="CommandException">The cursor is damaged or cannot be read.</exception>
    public static ExportCursor? Load(string output)
    {
        var path = PathOf(output);
        try
        {
            if (!File.Exists(path)) return null;
            return JsonSerializer.Deserialize<ExportCursor>(File.ReadAllBytes(path), Json) is { Bytes: >= 0, After: >= 0 } cursor
                && cursor.Position >= cursor.After
                ? cursor
                : throw new CommandException(ExitCode.BadInput, $"{path}: not an export cursor: it contains no position");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: not an export cursor: {exception.Message}");
        }
    }

    /// <summary>Replaces the cursor atomically: a crash leaves the old or the new one.</summary>
    public void Save(string output) =>
        PrivateFiles.Replace(PathOf(output), file => JsonSerializer.Serialize(file, this, Json), isPrivate: false);

    /// <summary>Checks that an output belongs to the same export.</summary>
    /// <exception cref="CommandException">The output was started with other settings.</exception>
    public void Expect(ExportRequest request, string output)
    {
        var wanted = Begin(request);
        if (wanted.Format != Format) throw Differs(output, $"--format {Format}");
        if (!wanted.Symbols.SequenceEqual(Symbols))
            throw Differs(output, Symbols.Count == 0 ? "all symbols" : $"--symbols {string.Join(',', Symbols)}");
        if (wanted.Positions != Positions) throw Differs(output, Positions ? "--positions" : "no --positions");
        if (wanted.Groups != Groups) throw Differs(output, $"--groups {Groups}");
        if (request.After != 0 && request.After != After) throw Differs(output, $"--from-position {After}");
    }

    private static CommandException Differs(string output, string how) =>
        new(ExitCode.Usage, $"{output}: was started with {how}; use the same, or overwrite it with --restart.");
}
