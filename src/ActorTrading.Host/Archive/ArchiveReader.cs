using System.Globalization;
using Parquet;

namespace ActorTrading.Host.Archive;

/// <summary>
/// Reads the records of one archive file, in the order of their positions. Holds one row group in memory, and none before the first record
/// is requested.
/// </summary>
internal sealed class ArchiveReader : IDisposable
{
    private const int GiveUpAt = 1_024;

    private readonly FileStream stream;
    private readonly ParquetReader reader;
    private readonly ArchiveTable table;
    private readonly ArchiveGroup.Names names;
    private ArchivedRecord[] rows = [];
    private int next = -1;
    private int groups;

    private ArchiveReader(FileStream stream, ParquetReader reader, ArchiveTable table, ArchiveGroup.Names names)
    {
        (this.stream, this.reader, this.table, this.names) = (stream, reader, table, names);
        First = reader.CustomMetadata.TryGetValue(ArchiveTable.FirstKey, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 0;
    }

    /// <summary>The position of the first record in the file.</summary>
    public long First { get; }

    /// <summary>The name of the record kind in the file.</summary>
    public string Kind => table.Name;

    /// <summary>The current record; null at the end.</summary>
    public ArchivedRecord? Current
    {
        get
        {
            if (next < 0) MoveNext();
            return next < rows.Length ? rows[next] : null;
        }
    }

    /// <summary>Opens a file; null when it was not written by an export.</summary>
    public static ArchiveReader? Open(string path, ArchiveGroup.Names? names = null)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            var reader = ParquetReader.CreateAsync(stream, ArchiveTable.Options()).GetAwaiter().GetResult();
            var table = reader.CustomMetadata.TryGetValue(ArchiveTable.KindKey, out var kind) ? ArchiveTable.Find(kind) : null;
            if (table is not null) return new ArchiveReader(stream, reader, table, names ?? new ArchiveGroup.Names());
            stream.Dispose();
            return null;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Advances to the next record.</summary>
    public void MoveNext()
    {
        next++;
        while (next >= rows.Length && groups < reader.RowGroupCount)
        {
            rows = ArchiveGroup.ReadAsync(reader.OpenRowGroupReader(groups++), table, names).GetAwaiter().GetResult();
            next = 0;
        }

        // A late record at the end of an old file keeps the group in memory: drop the rows already read.
        if (next > GiveUpAt && next > rows.Length / 8 * 7) (rows, next) = (rows[next..], 0);
    }

    public void Dispose() => stream.Dispose();
}
