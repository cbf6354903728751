using System.Diagnostics;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>
/// Feeds a file as lines are added to it, and the files that take its place, until it is cancelled. A later run goes on behind the
/// last record that was
/// acknowledged: it reads the file from its beginning, so that lines mean the same, and sends what is behind the cursor. For one
/// thread, which it holds up.
/// </summary>
internal sealed class FollowFeed(FollowOptions options, FollowCursor start, FeedClient client, FeedSink sink)
{
    /// <summary>The format is detected from so many bytes, or from the lines that are there: as many as <c>feed</c> looks at.</summary>
    public const int LookLength = 1 << 16;

    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    private readonly byte[] chunk = new byte[1 << 17];
    private readonly Stopwatch sinceSave = Stopwatch.StartNew();
    private FollowCursor cursor = start;
    private FollowCursor? saved;
    private long skip;   // records of the present file that earlier runs fed
    private long before; // records that the client had acknowledged before the present file
    private FollowedFile? file;

    /// <summary>Feeds until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="CommandException">The file cannot be read by lines.</exception>
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

    /// <summary>Writes how far it has come, if that is news.</summary>
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
                $"{options.Path}: is another file than the one of which {cursor.Acknowledged:N0} records were fed, "
                + "and that one is not beside it: what was added to it since is not read");
            cursor = cursor with { Epoch = cursor.Epoch + 1, Acknowledged = 0, Looked = 0, Head = FileHead.Empty };
            skip = 0;
        }

        for (var isToldOf = false; ; isToldOf = true)
        {
            if (FollowedFile.TryOpen(options.Path) is { } opened) return opened;
            if (!isToldOf) options.Say($"{options.Path}: is not there yet");
            Wait(cancellation);
        }
    }

    /// <summary>Feeds one file to its end, which is there when another one has taken its place.</summary>
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
                options.Say($"{options.Path}: is shorter than what was fed of it: it is read from its beginning as another file");
                return;
            }

            var change = Look(from);
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
    /// Waits for the first lines, and begins to read by what they look like. Null where another file took the place of one that has
    /// no records.
    /// </summary>
    private RecordStream? Begin(FollowedFile from, NumberingSink numbering, CancellationToken cancellation)
    {
        var first = new byte[LookLength];
        var (length, tried, isOver) = (0, 0, false);
        while (true)
        {
            for (int read; length < first.Length && (read = from.Read(first.AsSpan(length))) > 0;) length += read;
            var text = first.AsSpan(0, length);
            if (text.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
                throw new CommandException(
                    ExitCode.BadInput, $"{options.Path}: is packed by gzip, and does not grow by lines; feed it without --follow");
            var looked = cursor.Looked > 0 ? cursor.Looked : isOver ? length : LengthToLookAt(text);
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
                catch (InputException exception) when (exception.IsNoTable || cursor.Looked > 0 || length == LookLength)
                {
                    throw new CommandException(ExitCode.BadInput, exception.Message);
                }
                catch (InputException exception)
                {
                    options.Say($"{exception.Message}; more lines may tell");
                }
            }

            var change = Look(from);
            if (isOver || change == FileChange.Truncated) return null;
            isOver = change == FileChange.Replaced;
            Wait(cancellation);
        }
    }

    /// <summary>Reads what is left of a file whose place another one has taken.</summary>
    private void ReadRest(FollowedFile from, FileChange change, RecordStream records, CancellationToken cancellation)
    {
        if (change == FileChange.Replaced)
        {
            Wait(cancellation); // a program that has the file open writes a moment longer
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

    private FileChange Look(FollowedFile from) => from.IsAt(options.Path) ? from.Look() : FileChange.Replaced;

    /// <summary>Takes a last line without its end: nothing more comes to it.</summary>
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

    /// <summary>What is followed has lines, the oldest first.</summary>
    private void Check(InputTaken taken)
    {
        if (taken.Format is not (InputFormat.Ndjson or InputFormat.Csv))
            throw new CommandException(
                ExitCode.BadInput, $"{options.Path}: is {taken.Format.Name()}, which is not written by lines; feed it without --follow");
        if (taken.Order == TimeOrder.NewestFirst)
            throw new CommandException(ExitCode.BadInput,
                $"{options.Path}: its newest records stand first; only a file to which lines are added at its end can be followed");
        options.Read.OnTaken?.Invoke(taken);
    }

    /// <summary>A table needs its header and a row, JSON a line; 0 while they are not there.</summary>
    private static int LengthToLookAt(ReadOnlySpan<byte> text)
    {
        if (text.Length == LookLength) return LookLength;
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
