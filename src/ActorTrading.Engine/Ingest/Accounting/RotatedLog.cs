using System.Globalization;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>
/// Log of lines in numbered files of a folder. A full file is followed by the next; when the total size is too large, the oldest files are
/// deleted. Every start begins a new file, so a line that a crash left incomplete is the last of its file. Not thread-safe.
/// </summary>
internal sealed class RotatedLog(string folder, string prefix, long fileBytes, long totalBytes, Action<string> notice) : IDisposable
{
    private readonly Queue<(string Path, long Bytes)> older = [];
    private FileStream? file;
    private long lastNumber = -1;
    private long synced;

    /// <summary>Total size of the files in the folder, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// The position up to which the files are durable: the data before it does not change any more. Valid after <see cref="Refresh"/>.
    /// </summary>
    public QuarantinePlace Durable => file is null ? new(Math.Max(0, lastNumber) + 1, 0) : new(lastNumber, synced);

    /// <summary>Number of files deleted by the size limit.</summary>
    public long DroppedFiles { get; private set; }

    /// <summary>Size of the deleted files, in bytes.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>The name of a file.</summary>
    public static string NameOf(string prefix, long number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:D8}.ndjson");

    /// <summary>The existing files of a folder, ordered by name.</summary>
    public static IEnumerable<(long Number, FileInfo File)> FilesIn(string folder, string prefix)
    {
        foreach (var file in new DirectoryInfo(folder).GetFiles($"{prefix}-*.ndjson").OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            var digits = Path.GetFileNameWithoutExtension(file.Name).AsSpan(prefix.Length + 1);
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) yield return (number, file);
        }
    }

    /// <summary>Finds the files of earlier starts. Call it before the first append.</summary>
    public void Refresh()
    {
        if (lastNumber < 0 && Directory.Exists(folder)) Survey();
    }

    /// <summary>Appends complete lines. They are durable after <see cref="Sync"/>.</summary>
    /// <exception cref="IOException">The disk does not accept the lines; see <see cref="Abandon"/>.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (file is not null && file.Length > 0 && file.Length + lines.Length > fileBytes) End();
        file ??= Begin();
        file.Write(lines);
        Bytes += lines.Length;
        Trim();
    }

    /// <summary>Waits until all appended lines are durable.</summary>
    public void Sync()
    {
        if (file is null) return;
        file.Flush(flushToDisk: true);
        synced = file.Length;
    }

    /// <summary>
    /// After a failed write or sync: discards everything not known to be durable, and closes the file. The next append starts a new file.
    /// </summary>
    public void Abandon()
    {
        if (file is null) return;
        var (given, path) = (file, file.Name);
        file = null;
        try
        {
            Bytes += synced - given.Length;
            given.SetLength(synced);
            given.Dispose();
            if (synced == 0) File.Delete(path);
            else older.Enqueue((path, synced));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // What remains there is an incomplete line, or lines that will be written again.
            older.Enqueue((path, synced));
        }
    }

    public void Dispose() => file?.Dispose();

    private void End()
    {
        Sync();
        older.Enqueue((file!.Name, file.Length));
        file.Dispose();
        file = null;
    }

    private FileStream Begin()
    {
        PrivateFiles.CreateFolder(folder);
        if (lastNumber < 0) Survey();
        var path = Path.Combine(folder, NameOf(prefix, lastNumber + 1));
        var begun = PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        lastNumber++;
        synced = 0;
        return begun;
    }

    /// <summary>Counts the files of earlier starts.</summary>
    private void Survey()
    {
        lastNumber = 0;
        foreach (var (number, found) in FilesIn(folder, prefix))
        {
            lastNumber = Math.Max(lastNumber, number);
            older.Enqueue((found.FullName, found.Length));
            Bytes += found.Length;
        }
    }

    private void Trim()
    {
        while (Bytes > totalBytes && older.TryDequeue(out var oldest))
        {
            try
            {
                File.Delete(oldest.Path);
                DroppedFiles++;
                DroppedBytes += oldest.Bytes;
                notice($"{oldest.Path} was deleted: the limit of the folder is {totalBytes} bytes");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                notice($"{oldest.Path} cannot be deleted: {e.Message}");
            }

            Bytes -= oldest.Bytes;
        }
    }
}
