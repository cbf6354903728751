using Parquet;

namespace ActorTrading.Host.Archive;

/// <summary>
/// A file of the archive that is being written. It is created beside the current file, starts with the current file's rows up to a
/// position, and becomes visible with <see cref="Publish"/>.
/// </summary>
internal sealed class ArchiveFile : IDisposable
{
    /// <summary>Number of rows in a row group, as multi-threaded readers expect.</summary>
    public const int GroupRows = 122_880;

    private readonly List<ArchivedRecord> rows = [];
    private readonly ArchiveTable table;
    private readonly string path;
    private readonly FileStream stream;
    private readonly ParquetWriter writer;
    private readonly int groupRows;
    private long first = -1;

    private ArchiveFile(string path, ArchiveTable table, int groupRows)
    {
        (this.path, this.table, this.groupRows) = (path, table, groupRows);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        stream = new FileStream(path + ".tmp", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        writer = ParquetWriter.CreateAsync(table.Declared, stream, ArchiveTable.Options()).GetAwaiter().GetResult();
    }

    /// <summary>Number of rows in memory.</summary>
    public int Waiting => rows.Count;

    /// <summary>Starts a file, with the rows of the current file at that path up to a position.</summary>
    public static ArchiveFile Open(string path, ArchiveTable table, long upTo, int groupRows = GroupRows)
    {
        var file = new ArchiveFile(path, table, groupRows);
        if (!File.Exists(path)) return file;
        try
        {
            using var old = ArchiveReader.Open(path)
                ?? throw new CommandException(ExitCode.BadOutput, $"{path}: was not written by an export; --restart overwrites it.");
            for (; old.Current is { } row && row.Position <= upTo; old.MoveNext()) file.Add(row);
            return file;
        }
        catch (Exception exception)
        {
            file.Dispose();
            if (!ArchiveInput.IsDamage(exception)) throw;
            throw new CommandException(ExitCode.BadOutput, $"{path}: is damaged: {exception.Message}; --restart overwrites it.");
        }
    }

    /// <summary>Adds a record. Its position must be after those of all existing records.</summary>
    public void Add(in ArchivedRecord row)
    {
        if (first < 0) first = row.Position;
        rows.Add(row);
        if (rows.Count == groupRows) WriteGroup();
    }

    /// <summary>Writes the rows in memory, and completes the file durably under its temporary name.</summary>
    public void Complete()
    {
        if (rows.Count > 0) WriteGroup();
        writer.CustomMetadata = new Dictionary<string, string>
        {
            [ArchiveTable.KindKey] = table.Name, [ArchiveTable.FirstKey] = FormattableString.Invariant($"{first}"),
        };
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stream.Flush(flushToDisk: true);
        stream.Dispose();
    }

    /// <summary>Renames the temporary file to its final name.</summary>
    public void Publish() => File.Move(path + ".tmp", path, overwrite: true);

    public void Dispose() => stream.Dispose();

    private void WriteGroup()
    {
        using (var group = writer.CreateRowGroup()) ArchiveGroup.WriteAsync(group, table, rows).GetAwaiter().GetResult();
        rows.Clear();
    }
}
