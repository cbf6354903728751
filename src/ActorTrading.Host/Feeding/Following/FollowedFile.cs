namespace ActorTrading.Host.Feeding.Following;

/// <summary>What became of a file that was read to its end.</summary>
internal enum FileChange
{
    /// <summary>It is the same file; it may have grown.</summary>
    None,

    /// <summary>Its name is free: it was renamed or deleted, and no file has taken its place yet.</summary>
    Missing,

    /// <summary>Another file has its name.</summary>
    Replaced,

    /// <summary>It is shorter than what was read of it, or begins with other bytes.</summary>
    Truncated,
}

/// <summary>
/// A file that grows, by its path. It is opened anew at each look and known again by its first bytes; a file that was renamed is
/// read to its end all the
/// same. Needs nothing of the file system but that an open file stays readable when it is renamed, or that it is not renamed while
/// it is open.
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

    /// <summary>Bytes that were read.</summary>
    public long Position { get; private set; }

    /// <summary>How much of the file is there now.</summary>
    public long Length => file.Length;

    /// <summary>What was read of its first bytes.</summary>
    public FileHead Head => FileHead.Of(first.AsSpan(0, firstLength));

    /// <summary>Opens a file at its beginning; null where there is none.</summary>
    public static FollowedFile? TryOpen(string path) => Open(path) is { } file ? new FollowedFile(path, file) : null;

    /// <summary>
    /// Opens the file that a path had when it had that head: the file there, or one beside it whose name begins with the same name,
    /// as programs that
    /// rotate logs leave them. Null where there is none.
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

    /// <summary>Whether this is the file of that path, and not one beside it.</summary>
    public bool IsAt(string other) => path == other;

    /// <summary>Goes on behind what was read of a copy of it.</summary>
    public void Skip(long position)
    {
        firstLength = FileHead.Read(file, 0, first.AsSpan(0, (int)Math.Min(position, first.Length)));
        Position = position;
    }

    /// <summary>Reads on; 0 at the end of what there is.</summary>
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

    /// <summary>Looks what has the path now. The same file is read on from where it was.</summary>
    public FileChange Look()
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

    /// <summary>Files in the same folder whose names begin with that of a path, the newest first.</summary>
    private static IEnumerable<string> Beside(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) return [];
        return new DirectoryInfo(folder).EnumerateFiles(Path.GetFileName(path) + "*")
            .Where(file => file.FullName != Path.GetFullPath(path)).OrderByDescending(file => file.LastWriteTimeUtc).Select(
                file => file.FullName);
    }
}
