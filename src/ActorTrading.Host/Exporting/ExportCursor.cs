using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrading.Engine;

namespace ActorTrading.Host.Exporting;

/// <summary>
/// How far an export has come: kept in a small file beside the output, and always replaced as a whole, after what it
/// tells of is on the disk. Bytes of the output behind <see cref="Bytes"/> are of no account.
/// </summary>
internal sealed record ExportCursor
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true, RespectNullableAnnotations = true,
    };

    /// <summary>The form of the output.</summary>
    public required string Format { get; init; }

    /// <summary>The symbols asked for; empty for all.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>Whether lines tell positions.</summary>
    public required bool Positions { get; init; }

    /// <summary>The position that the output begins behind.</summary>
    public required long After { get; init; }

    /// <summary>The position of the last event whose records are in the output.</summary>
    public required long Position { get; init; }

    /// <summary>Whose event that is, and its number: another journal has another one there. Null before the first.</summary>
    public string? PersistenceId { get; init; }

    /// <summary>See <see cref="PersistenceId"/>.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Bytes of the output that hold all up to the position; 0 of a folder.</summary>
    public required long Bytes { get; init; }

    /// <summary>Groups of symbols that have files of their own.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The file of the cursor of an output.</summary>
    public static string PathOf(string output) => output + ".cursor";

    /// <summary>A cursor at the beginning of an export.</summary>
    public static ExportCursor Begin(ExportRequest request) => new()
    {
        Format = request.Format, Symbols = [.. request.Symbols.Select(symbol => symbol.Name)], Positions = request.Positions,
        After = request.After, Position = request.After, Bytes = 0, Groups = request.Groups,
    };

    /// <summary>Reads the cursor of an output; null if it has none.</summary>
    /// <exception cref="CommandException">It is damaged, or cannot be read.</exception>
    public static ExportCursor? Load(string output)
    {
        var path = PathOf(output);
        try
        {
            if (!File.Exists(path)) return null;
            return JsonSerializer.Deserialize<ExportCursor>(File.ReadAllBytes(path), Json) is { Bytes: >= 0, After: >= 0 } cursor
                && cursor.Position >= cursor.After
                ? cursor
                : throw new CommandException(ExitCode.BadInput, $"{path}: no cursor of an export: it holds no position");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: no cursor of an export: {exception.Message}");
        }
    }

    /// <summary>Puts the cursor in the place of the one before it: a crash leaves one or the other.</summary>
    public void Save(string output) =>
        PrivateFiles.Replace(PathOf(output), file => JsonSerializer.Serialize(file, this, Json), isPrivate: false);

    /// <summary>Refuses to go on with an export of something else.</summary>
    /// <exception cref="CommandException">The output was begun otherwise.</exception>
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
        new(ExitCode.Usage, $"{output}: was begun with {how}; go on with that, or begin anew with --restart.");
}
