using System.Buffers.Binary;

namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>
/// Checks a write-ahead log before SQLite recovers it. SQLite silently drops everything after the first frame with a wrong checksum. After
/// a crash that is correct: the interrupted write had not been committed. But a log with several commits after the damage has lost
/// acknowledged commits, and must not be opened as if nothing had happened. Format:
/// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
/// </summary>
internal static class WriteAheadLog
{
    private const int HeaderSize = 32;
    private const int FrameHeaderSize = 24;

    /// <summary>Returns null for an intact or absent log; otherwise a description of what is dropped.</summary>
    /// <exception cref="JournalException">Acknowledged commits would be lost.</exception>
    public static string? Inspect(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
            try
            {
                return Inspect(path, file);
            }
            catch (JournalException first)
            {
                // A log that is being written can look like this; the same position is then intact at the next check.
                file.Position = 0;
                try
                {
                    return Inspect(path, file);
                }
                catch (JournalException second) when (second.Message != first.Message)
                {
                    return null;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalFailure.Unavailable, $"{path}: the write-ahead log cannot be read: {e.Message}", e);
        }
    }

    private static string? Inspect(string path, FileStream file)
    {
        var header = new byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize) return null;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        int pageSize = (int)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
        if (magic is not (0x377f0682 or 0x377f0683) || pageSize is < 512 or > 65536) return null; // not a SQLite log: SQLite ignores it too
        bool bigEndian = magic == 0x377f0683;
        var salts = header.AsSpan(16, 8).ToArray();
        var sum = (A: 0u, B: 0u);
        Add(ref sum, header.AsSpan(0, 24), bigEndian);
        if (sum != Stored(header.AsSpan(24))) return $"{path}: the header of the write-ahead log is damaged; the log is not used.";

        var frame = new byte[FrameHeaderSize + pageSize];
        long frames = 0, committed = 0, commitsAfter = 0, damaged = -1;
        for (; file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length; frames++)
        {
            var head = frame.AsSpan(0, FrameHeaderSize);
            bool ofThisLog = head.Slice(8, 8).SequenceEqual(salts); // other frames are left from before the last restart of the log
            bool commits = BinaryPrimitives.ReadUInt32BigEndian(head[4..]) != 0;
            if (damaged >= 0)
            {
                if (ofThisLog && commits) commitsAfter++;
                continue;
            }
            if (!ofThisLog) break;
            Add(ref sum, head[..8], bigEndian);
            Add(ref sum, frame.AsSpan(FrameHeaderSize), bigEndian);
            if (sum == Stored(head[16..]))
            {
                if (commits) committed = frames + 1;
                continue;
            }
            damaged = frames;
            if (commits) commitsAfter++;
        }

        // One commit may have been in progress; all earlier ones were synced before it began.
        if (commitsAfter > 1)
        {
            throw new JournalException(JournalFailure.Corrupt,
                $"{path}: frame {damaged + 1} is damaged (byte {HeaderSize + damaged * frame.Length}) and commits come after it. "
                + "SQLite would drop them silently. Keep a copy of the database and of this file; "
                + "to continue with the commits before the damage, truncate this file at that byte.");
        }
        return damaged >= 0
            ? $"{path}: torn at frame {damaged + 1} (byte {HeaderSize + damaged * frame.Length}): an unfinished commit was dropped; "
                + $"{committed} frames are kept."
            : null;
    }

    private static (uint, uint) Stored(ReadOnlySpan<byte> at) =>
        (BinaryPrimitives.ReadUInt32BigEndian(at), BinaryPrimitives.ReadUInt32BigEndian(at[4..]));

    private static void Add(ref (uint A, uint B) sum, ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var (a, b) = sum;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            a += (bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) + b;
            b += (bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) + a;
        }
        sum = (a, b);
    }
}
