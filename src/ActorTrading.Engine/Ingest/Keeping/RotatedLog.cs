using System.Globalization;

namespace ActorTrading.Engine.Ingest.Keeping;

/// <summary>
/// Lines appended to numbered files of a folder. A file that is full is followed by the next; when all together are too large, the oldest
/// go. Every start begins a new file, so a line that a crash tore is the last of its file. Not safe for several threads.
/// </summary>
internal sealed class RotatedLog(string folder, string prefix, long fileBytes, long totalBytes, Action<string> notice) : IDisposable
{
    private readonly Queue<(string Path, long Bytes)> older = [];
    private FileStream? file;
    private long lastNumber = -1;
    private long synced;

    /// <summary>What lies in the folder, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Up to where the files are durable, once <see cref="Look"/> was called: what is before that does not change any more.
    /// </summary>
    public QuarantinePlace Durable => file is null ? new(Math.Max(0, lastNumber) + 1, 0) : new(lastNumber, synced);

    /// <summary>Files deleted because there was too much.</summary>
    public long DroppedFiles { get; private set; }

    /// <summary>Their size, in bytes.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>The name of a file.</summary>
    public static string NameOf(string prefix, long number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:D8}.ndjson");

    /// <summary>The files of a folder that are there, in the order of their names.</summary>
    public static IEnumerable<(long Number, FileInfo File)> FilesIn(string folder, string prefix)
    {
        foreach (var file in new DirectoryInfo(folder).GetFiles($"{prefix}-*.ndjson").OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            var digits = Path.GetFileNameWithoutExtension(file.Name).AsSpan(prefix.Length + 1);
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) yield return (number, file);
        }
    }

    /// <summary>Finds out what earlier starts left, before anything is appended.</summary>
    public void Look()
    {
        if (lastNumber < 0 && Directory.Exists(folder)) Survey();
    }

    /// <summary>Appends whole lines. They are durable after <see cref="Sync"/>.</summary>
    /// <exception cref="IOException">The disk will not have it; see <see cref="Abandon"/>.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (file is not null && file.Length > 0 && file.Length + lines.Length > fileBytes) End();
        file ??= Begin();
        file.Write(lines);
        Bytes += lines.Length;
        Trim();
    }

    /// <summary>Waits until all that was appended is on the disk.</summary>
    public void Sync()
    {
        if (file is null) return;
        file.Flush(flushToDisk: true);
        synced = file.Length;
    }

    /// <summary>
    /// After a failed write or sync: gives up what is not known to be on the disk, and the file with it. The next
    /// append begins another one.
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
            // What is left there is a torn line, or lines that will come once more.
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

    /// <summary>Counts what earlier starts left.</summary>
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
                notice($"{oldest.Path} was deleted: the folder may hold {totalBytes} bytes");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                notice($"{oldest.Path} cannot be deleted: {e.Message}");
            }

            Bytes -= oldest.Bytes;
        }
    }
}
