using Parquet;

namespace ActorTrading.Host.Archive;

/// <summary>
/// One file of the archive that is being written: a new one beside the one that is there, with what that had up to a position, then
/// what is added. Nothing
/// of it is seen before <see cref="Publish"/>.
/// </summary>
internal sealed class ArchiveFile : IDisposable
{
    /// <summary>Rows of a row group: what readers that use several threads expect.</summary>
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

    /// <summary>Rows that are kept in memory.</summary>
    public int Waiting => rows.Count;

    /// <summary>Begins a file, with what the file of that path has up to a position.</summary>
    public static ArchiveFile Open(string path, ArchiveTable table, long upTo, int groupRows = GroupRows)
    {
        var file = new ArchiveFile(path, table, groupRows);
        if (!File.Exists(path)) return file;
        try
        {
            using var old = ArchiveReader.Open(path)
                ?? throw new CommandException(ExitCode.BadOutput, $"{path}: was not made by an export; --restart overwrites it.");
            for (; old.Current is { } row && row.Position <= upTo; old.MoveNext()) file.Add(row);
            return file;
        }
        catch (Exception exception)
        {
            file.Dispose();
            if (!ArchiveInput.IsDamage(exception)) throw;
            throw new CommandException(ExitCode.BadOutput, $"{path}: is damaged: {exception.Message}; begin anew with --restart.");
        }
    }

    /// <summary>Adds a record, whose place is behind all that are there.</summary>
    public void Add(in ArchivedRecord row)
    {
        if (first < 0) first = row.Position;
        rows.Add(row);
        if (rows.Count == groupRows) WriteGroup();
    }

    /// <summary>Writes what waits, and makes the file whole and durable under its temporary name.</summary>
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

    /// <summary>Puts the file in its place.</summary>
    public void Publish() => File.Move(path + ".tmp", path, overwrite: true);

    public void Dispose() => stream.Dispose();

    private void WriteGroup()
    {
        using (var group = writer.CreateRowGroup()) ArchiveGroup.WriteAsync(group, table, rows).GetAwaiter().GetResult();
        rows.Clear();
    }
}
