using ActorTrading.Host.Exporting;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using Parquet;

namespace ActorTrading.Host.Archive;

/// <summary>
/// Reads the inputs of commands: Parquet files and folders of them here, everything else by <see cref="RecordFile"/>. Files of an export
/// are merged in the order of acceptance over the whole folder. Other files are read one after the other, as tables.
/// </summary>
internal static class ArchiveInput
{
    /// <summary>Reads an input to its end.</summary>
    /// <exception cref="InputException">The input cannot be read completely; the records before the error have been delivered.</exception>
    public static void Read(string path, ReadOptions options, IRecordSink sink, CancellationToken cancellation)
    {
        var isFolder = path != RecordFile.StandardInput && Directory.Exists(path);
        if (!isFolder && !IsParquet(path))
        {
            RecordFile.Read(path, options, sink, cancellation);
            return;
        }

        try
        {
            string[] files = isFolder ? Directory.GetFiles(path, "*.parquet", SearchOption.AllDirectories) : [path];
            Array.Sort(files, StringComparer.Ordinal);
            if (files.Length == 0) throw new InputException(path, "is a folder without Parquet files");
            ReadFiles(path, files, options, (sink, cancellation));
        }
        catch (Exception exception) when (IsDamage(exception) || exception is UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read as Parquet: {exception.Message}", cause: exception);
        }
    }

    /// <summary>Whether an exception means an invalid Parquet file; the library throws many types for that.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is IOException or ParquetException or InvalidDataException or OverflowException
        or ArgumentException or NotSupportedException or IndexOutOfRangeException or InvalidOperationException;

    private static bool IsParquet(string path)
    {
        if (path == RecordFile.StandardInput || !File.Exists(path)) return false;
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> first = stackalloc byte[4];
            return file.ReadAtLeast(first, 4, throwOnEndOfStream: false) == 4 && first.SequenceEqual("PAR1"u8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // reported when the file is read
        }
    }

    private static void ReadFiles(
        string path, string[] files, ReadOptions options, (IRecordSink Sink, CancellationToken Cancellation) to)
    {
        var names = new ArchiveGroup.Names();
        var own = new List<ArchiveReader>();
        try
        {
            foreach (var file in files)
            {
                if (ArchiveReader.Open(file, names) is { } reader) own.Add(reader);
                else if (own.Count > 0) throw new InputException(
                    file, "was not written by an export, but other files in its folder were; read it separately");
            }

            if (own.Count == files.Length)
            {
                options.OnTaken?.Invoke(new InputTaken
                {
                    Name = path, Format = InputFormat.Parquet, Kinds = [.. own.Select(reader => reader.Kind).Distinct()],
                    Notes = [$"{files.Length:N0} files of an export, in the order of acceptance"],
                });
                options.Position?.At(path);
                Merge(own, UpTo(path), to.Sink, to.Cancellation);
                return;
            }

            if (own.Count > 0) throw new InputException(path, "contains files of an export and other files; read them separately");
        }
        finally
        {
            foreach (var reader in own) reader.Dispose();
        }

        foreach (var file in files) ParquetTable.Read(file, options, to.Sink, to.Cancellation);
    }

    /// <summary>
    /// The position of the export's cursor. Records after it, left by a killed export, may be incomplete and are skipped.
    /// </summary>
    private static long UpTo(string path) =>
        Directory.Exists(path) && ExportCursor.Load(Path.TrimEndingDirectorySeparator(path)) is { } cursor ? cursor.Position
            : long.MaxValue;

    private static void Merge(List<ArchiveReader> readers, long upTo, IRecordSink sink, CancellationToken cancellation)
    {
        // A file is opened for reading when its first record is next; before that, only the position of this record is known.
        var queue = new PriorityQueue<(ArchiveReader Reader, bool IsRead), (long Position, int Ordinal)>();
        foreach (var reader in readers) queue.Enqueue((reader, false), (reader.First, -1));
        for (var count = 0L; queue.TryDequeue(out var next, out var place); count++)
        {
            if ((count & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            if (place.Position > upTo) return;
            if (next.IsRead)
            {
                sink.OnRecord(next.Reader.Current!.Value.Record);
                next.Reader.MoveNext();
            }

            if (next.Reader.Current is { } row) queue.Enqueue((next.Reader, true), (row.Position, row.Ordinal));
        }
    }
}
