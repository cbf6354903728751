using System.IO.Compression;

namespace ActorTrading.Host.Exporting;

/// <summary>
/// An export to a file. After a kill at any moment, the next run continues from the last complete block: data after the cursor is removed
/// first. A name that ends in <c>.gz</c> compresses each block as a gzip member; the short block at the end of a run is rewritten by the
/// next run, so that the bytes do not depend on the number of runs.
/// </summary>
internal sealed class ExportFile : IExportTarget
{
    private readonly string path;
    private readonly FileStream file;
    private readonly bool packed;
    private ExportCursor cursor;

    /// <summary>Starts or continues an output.</summary>
    /// <exception cref="CommandException">The output cannot be written, is locked by another export, or belongs to another
    /// export.</exception>
    public ExportFile(string path, ExportRequest request, bool restart)
    {
        this.path = path;
        packed = path.EndsWith(".gz", StringComparison.Ordinal);
        try
        {
            file = Open(path, request, restart, out cursor);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw new CommandException(ExitCode.BadOutput, $"{path}: cannot be written: {exception.Message}");
        }

        Start = cursor;
    }

    public ExportCursor Start { get; }

    public void Head(ReadOnlySpan<byte> header)
    {
        if (cursor.Bytes > 0 || header.IsEmpty) return;
        Append(header);
        Remember(cursor with { Bytes = file.Position });
    }

    public void Block(ReadOnlySpan<byte> lines, in ExportMark mark)
    {
        Append(lines);
        Remember(cursor with
        {
            Position = mark.Position, PersistenceId = mark.PersistenceId, SequenceNumber = mark.SequenceNumber, Bytes = file.Position,
        });
    }

    public bool Tail(ReadOnlySpan<byte> lines, in ExportMark mark)
    {
        if (!packed)
        {
            Block(lines, mark);
            return true;
        }

        Append(lines);
        file.Flush(flushToDisk: true);
        return false;
    }

    public void Dispose()
    {
        // Removes the data that a killed run left after the cursor, when this run wrote nothing.
        if (!packed && file.Length > cursor.Bytes) file.SetLength(cursor.Bytes);
        file.Dispose();
    }

    private static FileStream Open(string path, ExportRequest request, bool restart, out ExportCursor cursor)
    {
        var known = restart ? null : ExportCursor.Load(path);
        known?.Expect(request, path);
        // An empty file may come from an export that was killed before it wrote its cursor.
        if (known is null && !restart && new FileInfo(path) is { Exists: true, Length: > 0 })
            throw new CommandException(
                ExitCode.BadOutput, $"{path}: already exists and was not written by an export; --restart overwrites it.");

        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0);
        cursor = known ?? ExportCursor.Begin(request);
        if (known is null) cursor.Save(path);
        if (file.Length >= cursor.Bytes) return file;
        file.Dispose();
        throw new CommandException(ExitCode.BadOutput, $"{path}: was truncated after the export; --restart overwrites it.");
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (file.Length > cursor.Bytes) file.SetLength(cursor.Bytes); // removes the previous short block, which this one includes
        file.Position = cursor.Bytes;
        if (!packed || bytes.IsEmpty)
        {
            file.Write(bytes);
            return;
        }

        using var member = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
        member.Write(bytes);
    }

    private void Remember(ExportCursor next)
    {
        file.Flush(flushToDisk: true);
        next.Save(path);
        cursor = next;
    }
}
