using System.Globalization;
using ActorTrading.Domain.Records;
using ActorTrading.Host.Exporting;

namespace ActorTrading.Host.Archive;

/// <summary>
/// Exports to a folder of Parquet files: one for each record kind, UTC day and group of symbols. Files are replaced as a whole, then the
/// cursor. A killed run leaves complete files; the next run rewrites the records after the cursor.
/// </summary>
internal sealed class ArchiveSink : IExportSink
{
    /// <summary>The name of the format.</summary>
    public const string Format = "parquet";

    private readonly string folder;
    private readonly int groups;
    private readonly FileStream held;
    private readonly Dictionary<(RecordKind Kind, long Day, int Group), ArchiveFile> files = [];
    private ExportCursor cursor;
    private long added;

    /// <summary>Starts or continues an archive.</summary>
    /// <exception cref="CommandException">The archive cannot be written, is locked by another export, or belongs to another
    /// export.</exception>
    public ArchiveSink(string path, ExportRequest request, bool restart)
    {
        folder = Path.TrimEndingDirectorySeparator(path);
        groups = request.Groups;
        try
        {
            var known = restart ? null : ExportCursor.Load(folder);
            known?.Expect(request, folder);
            if (known is null && !restart && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new CommandException(
                    ExitCode.BadOutput, $"{folder}: already exists and was not written by an export; --restart overwrites it.");
            Directory.CreateDirectory(folder);
            held = new FileStream(ExportCursor.PathOf(folder) + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 0,
                FileOptions.DeleteOnClose);
            if (restart) Clear();
            foreach (var left in Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories)) File.Delete(left);
            cursor = known ?? ExportCursor.Begin(request);
            if (known is null) cursor.Save(folder);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            held?.Dispose();
            throw new CommandException(ExitCode.BadOutput, $"{folder}: cannot be written: {exception.Message}");
        }

        Start = cursor;
    }

    public ExportCursor Start { get; }

    /// <summary>Maximum number of records of open files in memory. When it is reached, all files are written.</summary>
    public int MostWaiting { get; init; } = 1_000_000;

    /// <summary>Number of records after which all files are written, so that a killed export does not restart from its beginning.</summary>
    public int MostAdded { get; init; } = 10_000_000;

    /// <summary>Number of rows in a row group.</summary>
    public int GroupRows { get; init; } = ArchiveFile.GroupRows;

    public void Begin()
    {
    }

    public bool TryAdd(in Record record, long position, int ordinal)
    {
        var key = (record.Kind, (long)record.Time.DayNumber, (int)(record.Symbol.StableHash % (uint)groups));
        if (!files.TryGetValue(key, out var file)) files[key] = file = ArchiveFile.Open(
            PathOf(key), ArchiveTable.Of(record.Kind), cursor.Position, GroupRows);
        file.Add(new ArchivedRecord(record, position, ordinal));
        added++;
        return true;
    }

    public void EventTaken(in ExportMark mark)
    {
        if (added < MostAdded
            && (files.Count == 0 || added < MostWaiting || files.Values.Sum(file => (long)file.Waiting) < MostWaiting)) return;
        Commit(mark);
    }

    public void Rest(in ExportMark mark)
    {
        if (mark.Position != cursor.Position) Commit(mark);
    }

    public void Dispose()
    {
        foreach (var file in files.Values) file.Dispose();
        held.Dispose();
    }

    /// <summary>The position up to which the published files are complete.</summary>
    public ExportCursor Cursor => cursor;

    private void Commit(in ExportMark mark)
    {
        foreach (var file in files.Values) file.Complete();
        foreach (var file in files.Values) file.Publish();
        files.Clear();
        added = 0;
        cursor = cursor with { Position = mark.Position, PersistenceId = mark.PersistenceId, SequenceNumber = mark.SequenceNumber };
        cursor.Save(folder);
    }

    private string PathOf((RecordKind Kind, long Day, int Group) key)
    {
        var day = DateTime.UnixEpoch.AddDays(key.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Path.Combine(folder, ArchiveTable.Of(key.Kind).Name, $"date={day}", $"group-{key.Group}.parquet");
    }

    private void Clear()
    {
        foreach (var table in ArchiveTable.All)
        {
            if (Directory.Exists(Path.Combine(folder, table.Name))) Directory.Delete(Path.Combine(folder, table.Name), recursive: true);
        }
    }
}
