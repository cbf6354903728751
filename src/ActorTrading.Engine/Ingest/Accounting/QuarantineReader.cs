using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>
/// Reads the files of the quarantine from a position on, each line after it is durable. Skips deleted files, and a line that a crash left
/// incomplete (the last of its file). For one reader.
/// </summary>
/// <param name="durable">The position up to which the files are durable: the data before it does not change any more.</param>
/// <param name="kept">Signals that there is more to read.</param>
internal sealed class QuarantineReader(string folder, string prefix, Func<QuarantinePlace> durable, CommitPulse kept)
{
    private const int BlockBytes = 256 * 1024;

    private readonly List<QuarantineLine> lines = [];
    private QuarantinePlace place;

    /// <summary>The lines after a position, then new lines, until the quarantine is closed.</summary>
    public IAsyncEnumerable<QuarantineLine> FollowAsync(QuarantinePlace after, CancellationToken cancellation)
    {
        place = after;
        return kept.FollowAsync(stop => Task.Run(ReadOn, stop), lines, Timeout.InfiniteTimeSpan, cancellation);
    }

    /// <summary>Reads some lines, or moves to the next file; false if there is no more for now.</summary>
    private bool ReadOn()
    {
        lines.Clear();
        var end = durable();
        if (place.File > end.File) return false;
        ReadBlock(end);
        if (lines.Count > 0) return true;
        if (place.File >= end.File || Next(place.File, end.File) is not { } next) return false;
        place = new QuarantinePlace(next, 0);
        return true;
    }

    private void ReadBlock(QuarantinePlace end)
    {
        try
        {
            using var file = new FileStream(PathOf(place.File), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            var last = place.File == end.File ? end.Offset : file.Length;
            if (place.Offset >= last) return;
            file.Position = place.Offset;
            for (var size = BlockBytes; ; size *= 2) // a line may be longer than a block
            {
                var block = new byte[(int)Math.Min(size, last - place.Offset)];
                file.Position = place.Offset;
                file.ReadExactly(block);
                if (Split(block) || block.Length < size) return;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The file was deleted by the size limit.
        }
    }

    private bool Split(byte[] block)
    {
        var start = 0;
        for (int length; (length = block.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += length + 1)
        {
            place = place with { Offset = place.Offset + length + 1 };
            lines.Add(new QuarantineLine(place, block.AsMemory(start, length)));
        }

        return start > 0;
    }

    private long? Next(long after, long last) => !Directory.Exists(folder) ? null : RotatedLog.FilesIn(folder, prefix)
        .Where(one => one.Number > after && one.Number <= last).Min(one => (long?)one.Number);

    private string PathOf(long number) => Path.Combine(folder, RotatedLog.NameOf(prefix, number));
}
