using System.Diagnostics;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>
/// Feeds a growing file, and the files that replace it, until cancelled. A later run continues after the last acknowledged record: it reads
/// the file from its beginning, so that lines are interpreted identically, and sends the records after the cursor. Blocks the calling
/// thread. Not thread-safe.
/// </summary>
internal sealed class FollowFeed(FollowOptions options, FollowCursor start, FeedClient client, FeedSink sink)
{
    /// <summary>Maximum number of bytes for format detection, the same as in <c>feed</c>; fewer when the file has fewer lines.</summary>
    public const int DetectionLength = 1 << 16;

    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    private readonly byte[] chunk = new byte[1 << 17];
    private readonly Stopwatch sinceSave = Stopwatch.StartNew();
    private FollowCursor cursor = start;
    private FollowCursor? saved;
    private long skip;   // number of records of the current file that earlier runs have fed
    private long before; // number of records acknowledged before the current file
    private FollowedFile? file;

    /// <summary>Feeds until cancelled.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="CommandException">The file is not readable line by line.</exception>
    public void Run(CancellationToken cancellation)
    {
        Save();
        while (true)
        {
            (skip, before) = (cursor.Acknowledged, client.Status.Acknowledged);
            using (file = Open(cancellation)) FeedFile(file, cancellation);
            cursor = cursor with { Epoch = cursor.Epoch + 1, Acknowledged = 0, Looked = 0, Head = FileHead.Empty };
        }
    }

    /// <summary>Stores the cursor when it has changed.</summary>
    public void Save()
    {
        if (file is not null) cursor = cursor with { Acknowledged = skip + client.Status.Acknowledged - before, Head = file.Head };
        sinceSave.Restart();
        if (cursor == saved) return;
        cursor.Save(options.CursorPath);
        saved = cursor;
    }

    private FollowedFile Open(CancellationToken cancellation)
    {
        file = null;
        if (cursor.Head != FileHead.Empty)
        {
            if (FollowedFile.TryOpen(options.Path, cursor.Head, cursor.Looked - 1L) is { } known) return known;
            options.Say(
                $"{options.Path}: is not the file of which {cursor.Acknowledged:N0} records were fed, "
                + "and that file is not in the same folder: lines appended to it since are not read");
            cursor = cursor with { Epoch = cursor.Epoch + 1, Acknowledged = 0, Looked = 0, Head = FileHead.Empty };
            skip = 0;
        }

        for (var isToldOf = false; ; isToldOf = true)
        {
            if (FollowedFile.TryOpen(options.Path) is { } opened) return opened;
            if (!isToldOf) options.Say($"{options.Path}: does not exist yet");
            Wait(cancellation);
        }
    }

    /// <summary>Feeds one file until another file has replaced it.</summary>
    private void FeedFile(FollowedFile from, CancellationToken cancellation)
    {
        var numbering = new NumberingSink(sink, options.Source, cursor.Epoch, skip);
        var records = Begin(from, numbering, cancellation);
        if (records is null) return;
        while (true)
        {
            ReadOn(from, records, cancellation);
            if (numbering.Count < skip)
            {
                options.Say($"{options.Path}: is shorter than its fed part: it is read from its beginning as a new file");
                return;
            }

            var change = ChangeOf(from);
            if (change is FileChange.Replaced or FileChange.Truncated)
            {
                ReadRest(from, change, records, cancellation);
                break;
            }

            Wait(cancellation);
        }

        sink.Flush();
        client.FlushAsync(cancellation).GetAwaiter().GetResult();
        Save();
    }

    /// <summary>
    /// Waits for the first lines, and starts reading in the format detected from them. Null when another file has replaced one without
    /// records.
    /// </summary>
    private RecordStream? Begin(FollowedFile from, NumberingSink numbering, CancellationToken cancellation)
    {
        var first = new byte[DetectionLength];
        var (length, tried, isOver) = (0, 0, false);
        while (true)
        {
            for (int read; length < first.Length && (read = from.Read(first.AsSpan(length))) > 0;) length += read;
            var text = first.AsSpan(0, length);
            if (text.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
                throw new CommandException(
                    ExitCode.BadInput, $"{options.Path}: is compressed with gzip, and cannot be followed; feed it without --follow");
            var looked = cursor.Looked > 0 ? cursor.Looked : isOver ? length : LengthToDetect(text);
            if (looked > tried && length >= looked)
            {
                tried = looked;
                try
                {
                    var records = new RecordStream(
                        options.Path, options.Read with { OnTaken = Check, Source = options.Source }, numbering, looked);
                    records.Feed(text);
                    cursor = cursor with { Looked = looked };
                    return records;
                }
                catch (InputException exception) when (exception.IsNoTable || cursor.Looked > 0 || length == DetectionLength)
                {
                    throw new CommandException(ExitCode.BadInput, exception.Message);
                }
                catch (InputException exception)
                {
                    options.Say($"{exception.Message}; waiting for more lines");
                }
            }

            var change = ChangeOf(from);
            if (isOver || change == FileChange.Truncated) return null;
            isOver = change == FileChange.Replaced;
            Wait(cancellation);
        }
    }

    /// <summary>Reads the rest of a file that was replaced.</summary>
    private void ReadRest(FollowedFile from, FileChange change, RecordStream records, CancellationToken cancellation)
    {
        if (change == FileChange.Replaced)
        {
            Wait(cancellation); // a program with the file open may still write for a moment
            ReadOn(from, records, cancellation);
            Complete(records);
        }
        else if (FollowedFile.TryOpen(options.Path, from.Head, from.Position - 1) is { } copy)
        {
            using (copy)
            {
                copy.Skip(from.Position);
                ReadOn(copy, records, cancellation);
            }

            Complete(records);
        }
        else
        {
            options.Say($"{options.Path}: was truncated");
        }
    }

    private void ReadOn(FollowedFile from, RecordStream records, CancellationToken cancellation)
    {
        for (int read; (read = from.Read(chunk)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            records.Feed(chunk.AsSpan(0, read));
            if (sinceSave.Elapsed > BetweenSaves) Save();
        }

        sink.Flush();
        Save();
    }

    private FileChange ChangeOf(FollowedFile from) => from.IsAt(options.Path) ? from.Check() : FileChange.Replaced;

    /// <summary>Processes a last line without a line end; nothing can follow it.</summary>
    private void Complete(RecordStream records)
    {
        try
        {
            records.Complete();
        }
        catch (InputException exception)
        {
            options.Say(exception.Message);
        }
    }

    /// <summary>Checks that the input is read by lines, oldest first.</summary>
    private void Check(InputTaken taken)
    {
        if (taken.Format is not (InputFormat.Ndjson or InputFormat.Csv))
            throw new CommandException(
                ExitCode.BadInput, $"{options.Path}: is {taken.Format.Name()}, which has no lines; feed it without --follow");
        if (taken.Order == TimeOrder.NewestFirst)
            throw new CommandException(ExitCode.BadInput,
                $"{options.Path}: its newest records are first; --follow requires a file to which lines are appended");
        options.Read.OnTaken?.Invoke(taken);
    }

    /// <summary>
    /// Number of bytes for format detection. A table needs its header and one row, JSON one line; 0 while they are not available.
    /// </summary>
    private static int LengthToDetect(ReadOnlySpan<byte> text)
    {
        if (text.Length == DetectionLength) return DetectionLength;
        var lines = text[..(text.LastIndexOf((byte)'\n') + 1)];
        var isJson = lines.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'{' or (byte)'[', ..];
        return lines.Count((byte)'\n') >= (isJson ? 1 : 2) ? lines.Length : 0;
    }

    private void Wait(CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(options.Pause);
        cancellation.ThrowIfCancellationRequested();
        Save();
    }
}
