namespace ActorTrading.Host.Feeding.Following;

/// <summary>The change of a file after it was read to its end.</summary>
internal enum FileChange
{
    /// <summary>The same file; it may have grown.</summary>
    None,

    /// <summary>The file was renamed or deleted, and no file has replaced it yet.</summary>
    Missing,

    /// <summary>Another file has the same name.</summary>
    Replaced,

    /// <summary>The file is shorter than the position read, or begins with other bytes.</summary>
    Truncated,
}

/// <summary>
/// A growing file, identified by its path. It is reopened at each check and recognized by its first bytes; a renamed file is still read to
/// its end. Requires only that an open file stays readable when it is renamed, or cannot be renamed while it is open.
/// </summary>
internal sealed class FollowedFile : IDisposable
{
    private readonly string path;
    private readonly byte[] first = new byte[FileHead.MaxLength];
    private FileStream file;
    private int firstLength;

    private FollowedFile(string path, FileStream file)
    {
        this.path = path;
        this.file = file;
    }

    /// <summary>Number of bytes read.</summary>
    public long Position { get; private set; }

    /// <summary>The current length of the file.</summary>
    public long Length => file.Length;

    /// <summary>The head of the file, from the bytes read.</summary>
    public FileHead Head => FileHead.Of(first.AsSpan(0, firstLength));

    /// <summary>Opens a file at its beginning; null when it does not exist.</summary>
    public static FollowedFile? TryOpen(string path) => Open(path) is { } file ? new FollowedFile(path, file) : null;

    /// <summary>
    /// Finds the file that had that head: the file at the path, or one beside it whose name starts with the same name, as log rotation
    /// leaves it. Null when there is none.
    /// </summary>
    public static FollowedFile? TryOpen(string path, FileHead head, long longerThan = -1)
    {
        foreach (var candidate in (string[])[path, .. Beside(path)])
        {
            if (Open(candidate) is not { } file) continue;
            if (file.Length > longerThan && head.IsOf(file)) return new FollowedFile(candidate, file);
            file.Dispose();
        }

        return null;
    }

    /// <summary>Whether this file is at that path, not beside it.</summary>
    public bool IsAt(string other) => path == other;

    /// <summary>Skips to the position up to which a copy of the file was read.</summary>
    public void Skip(long position)
    {
        firstLength = FileHead.Read(file, 0, first.AsSpan(0, (int)Math.Min(position, first.Length)));
        Position = position;
    }

    /// <summary>Reads the next bytes; 0 at the current end.</summary>
    public int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(file.SafeFileHandle, buffer, Position);
        var missing = Position < first.Length ? Math.Min(read, first.Length - (int)Position) : 0;
        if (missing > 0)
        {
            buffer[..missing].CopyTo(first.AsSpan((int)Position));
            firstLength = (int)Position + missing;
        }

        Position += read;
        return read;
    }

    /// <summary>Checks which file is at the path. The same file continues at its position.</summary>
    public FileChange Check()
    {
        if (file.Length < Position) return FileChange.Truncated;
        if (Open(path) is not { } now) return FileChange.Missing;
        if (now.Length >= Position && Head.IsOf(now))
        {
            (file, now) = (now, file);
            now.Dispose();
            return FileChange.None;
        }

        now.Dispose();
        return Head.IsOf(file) ? FileChange.Replaced : FileChange.Truncated;
    }

    public void Dispose() => file.Dispose();

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Files in the same folder whose names start with that of a path, newest first.</summary>
    private static IEnumerable<string> Beside(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) return [];
        return new DirectoryInfo(folder).EnumerateFiles(Path.GetFileName(path) + "*")
            .Where(file => file.FullName != Path.GetFullPath(path)).OrderByDescending(file => file.LastWriteTimeUtc).Select(
                file => file.FullName);
    }
}
