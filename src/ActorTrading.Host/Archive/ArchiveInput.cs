using ActorTrading.Host.Exporting;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using Parquet;

namespace ActorTrading.Host.Archive;

/// <summary>
/// Reads what commands are given: files of Parquet and folders of them here, all else by <see cref="RecordFile"/>. What an export
/// wrote comes in the order of
/// acceptance, over all files of the folder; files of others come one after the other, as tables do.
/// </summary>
internal static class ArchiveInput
{
    /// <summary>Reads an input to its end.</summary>
    /// <exception cref="InputException">It cannot be read, or not to its end; what came before has been delivered.</exception>
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
            if (files.Length == 0) throw new InputException(path, "is a folder without files of Parquet");
            ReadFiles(path, files, options, (sink, cancellation));
        }
        catch (Exception exception) when (IsDamage(exception) || exception is UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read as Parquet: {exception.Message}", cause: exception);
        }
    }

    /// <summary>Whether an exception says that a file is no sound Parquet: the library has many for that.</summary>
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
            return false; // told when it is read
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
                    file, "was not made by an export, as others beside it were; read it by itself");
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

            if (own.Count > 0) throw new InputException(path, "holds files of an export beside others; read them by themselves");
        }
        finally
        {
            foreach (var reader in own) reader.Dispose();
        }

        foreach (var file in files) ParquetTable.Read(file, options, to.Sink, to.Cancellation);
    }

    /// <summary>What a killed export left behind its cursor is not complete, and is left out.</summary>
    private static long UpTo(string path) =>
        Directory.Exists(path) && ExportCursor.Load(Path.TrimEndingDirectorySeparator(path)) is { } cursor ? cursor.Position
            : long.MaxValue;

    private static void Merge(List<ArchiveReader> readers, long upTo, IRecordSink sink, CancellationToken cancellation)
    {
        // A file is read when its first record comes next: what is known of it before is only the position of that.
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
