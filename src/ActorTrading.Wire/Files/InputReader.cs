using System.IO.Compression;
using System.Text;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Files;

/// <summary>Reads one file: unpacks it layer by layer and passes its text to the parser of its format.</summary>
internal sealed class InputReader(ReadOptions options, IRecordSink sink, CancellationToken cancellation)
{
    private const int ChunkLength = 1 << 17; // fits the second-level cache together with its records
    private const int HeadLength = 1 << 16;
    private const int MaxLayers = 4; // a zip of gzips is common; more layers are suspect

    private static readonly Dictionary<Symbol, (Timestamp First, Timestamp Last)> NoTimes = [];

    private readonly byte[] chunk = new byte[ChunkLength];
    private string name = "";
    private bool isFile;
    private RecordStream? records;
    private IReadOnlyList<string> notes = [];

    /// <summary>Reads the file.</summary>
    public void ReadFile(Stream stream, string path)
    {
        name = path;
        isFile = stream.CanSeek;
        Stream counted = options.Progress is { } progress
            ? new CountingStream(new Unowned(stream), path, progress, stream.CanSeek ? stream.Length - stream.Position : null)
            : new Unowned(stream);
        ReadLayer(counted, stream, layer: 1);
    }

    /// <summary>The source named after a file: its name without folders, with invalid characters replaced.</summary>
    internal static Source SourceOf(string path)
    {
        var file = path[(path.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        var allowed = string.Concat(file.Take(Source.MaxLength).Select(c => c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '_'));
        return Source.TryParse(allowed, out var source) ? source : Source.Anonymous;
    }

    private void ReadLayer(Stream stream, Stream? seekable, int layer)
    {
        if (layer > MaxLayers) throw new InputException(name, "is compressed too many times");
        records = null;
        var start = seekable is { CanSeek: true } ? seekable.Position : 0;
        var first = new byte[InputProbe.Length];
        var length = FillAll(stream, first);
        var probe = first.AsMemory(0, length);
        if (InputProbe.IsWide(probe.Span))
        {
            using var wide = new PeekedStream(probe, stream);
            using var narrow = Encoding.CreateTranscodingStream(
                wide, probe.Span[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode, Encoding.UTF8, leaveOpen: true);
            ReadLayer(narrow, null, layer + 1);
            return;
        }

        if (InputProbe.ForeignName(probe.Span) is { } foreign) throw new InputException(name, $"is {foreign}") { IsNoTable = true };
        var format = InputProbe.FormatOf(probe.Span);
        using var whole = new PeekedStream(probe, stream);
        switch (format)
        {
            case InputFormat.Empty when length < InputProbe.Length:
                throw new InputException(name, length == 0 ? "is empty" : "holds only blanks") { IsEmpty = true };
            case InputFormat.Gzip:
                using (var unpacked = new GzipReader(whole)) ReadLayer(unpacked, null, layer + 1);
                break;
            case InputFormat.Zip:
                ReadArchive(seekable, start, layer);
                break;
            default:
                ReadRecords(whole);
                break;
        }
    }

    /// <summary>
    /// Reads the entries of an archive one after the other. An entry that is not a table does not prevent reading the others.
    /// </summary>
    private void ReadArchive(Stream? seekable, long start, int layer)
    {
        if (seekable is not { CanSeek: true })
            throw new InputException(
                name, "a zip archive can only be read from a separate file, not from a pipe or from another archive");
        var archiveName = name;
        seekable.Position = start;
        using var archive = Guard(() => new ZipArchive(seekable, ZipArchiveMode.Read, leaveOpen: true), "is damaged");
        var parts = Guard(() => archive.Entries, "is damaged").Where(part => part.Length > 0 && !IsOfTheSystem(part.FullName)).ToList();
        if (parts.Count == 0) throw new InputException(name, "holds no files");
        if (parts.Exists(part => part.FullName == "xl/workbook.xml"))
            throw new InputException(name, "is an Excel workbook; save it as CSV") { IsNoTable = true };
        long done = 0;
        var read = 0;
        InputException? fault = null;
        foreach (var part in InOrderOfTime(parts, archiveName, layer))
        {
            name = $"{archiveName}:{part.FullName}";
            try
            {
                using var content = Guard(() => OpenPart(part, archiveName, done, seekable.Length), "is damaged");
                ReadLayer(content, null, layer + 1);
                read++;
            }
            catch (InputException exception) when (exception.IsNoTable || exception.IsEmpty)
            {
                options.OnTaken?.Invoke(new InputTaken { Name = name, Format = InputFormat.Empty, Skipped = exception.Problem });
                fault ??= exception;
            }
            catch (InputException exception)
            {
                // Reported at the end, after the other entries were read.
                if (fault is null or { IsNoTable: true } or { IsEmpty: true }) fault = exception;
            }

            done += part.CompressedLength;
        }

        if (fault is not null && (read == 0 || !(fault.IsNoTable || fault.IsEmpty))) throw fault;
    }

    /// <summary>
    /// The entries in reading order: the order of the archive, or sorted by time if that order would take a symbol back in time (for
    /// example, if the newest entry is first). Entries with unknown times come last.
    /// </summary>
    private List<ZipArchiveEntry> InOrderOfTime(List<ZipArchiveEntry> parts, string archiveName, int layer)
    {
        if (parts.Count == 1 || options.IsLookOnly) return parts;
        IReadOnlyDictionary<Symbol, (Timestamp First, Timestamp Last)> times = NoTimes;
        var look = options with { IsLookOnly = true, OnTaken = taken => times = taken.Times, Progress = null, Position = null };
        var reader = new InputReader(look, sink, cancellation) { isFile = isFile };
        var latest = new Dictionary<Symbol, Timestamp>();
        var starts = new Dictionary<ZipArchiveEntry, Timestamp>();
        var goesBack = false;
        foreach (var part in parts)
        {
            times = NoTimes;
            reader.Inspect(part, $"{archiveName}:{part.FullName}", layer + 1);
            if (times.Count > 0) starts[part] = times.Values.Min(time => time.First);
            foreach (var (symbol, (first, last)) in times)
            {
                var isKnown = latest.TryGetValue(symbol, out var before);
                goesBack |= isKnown && last < before;
                latest[symbol] = isKnown && before > first ? before : first;
            }
        }

        if (!goesBack) return parts;
        notes = ["files of the archive are read in time order"];
        return [.. parts.OrderBy(part => starts.GetValueOrDefault(part, Timestamp.MaxValue))];
    }

    /// <summary>Examines the beginning of an entry. Errors are reported when the entry is read.</summary>
    private void Inspect(ZipArchiveEntry part, string path, int layer)
    {
        name = path;
        try
        {
            using var content = Guard(part.Open, "is damaged");
            ReadLayer(content, null, layer);
        }
        catch (InputException)
        {
        }
    }

    /// <summary>Whether an entry of an archive was added by the operating system.</summary>
    private static bool IsOfTheSystem(string path) =>
        path.StartsWith("__MACOSX/", StringComparison.Ordinal)
            || path[(path.LastIndexOf('/') + 1)..] is ".DS_Store" or "Thumbs.db" or "desktop.ini";

    private Stream OpenPart(ZipArchiveEntry part, string archiveName, long done, long total)
    {
        var content = new CheckedEntryStream(part.Open(), part.Length, part.Crc32);
        return options.Progress is { } progress
            ? new CountingStream(content, archiveName, progress, total)
            {
                Offset = done, Scale = (double)part.CompressedLength / part.Length,
            }
            : content;
    }

    private void ReadRecords(Stream stream)
    {
        // A pipe may be slow: do not wait for more bytes than the probe has already read.
        records = new RecordStream(name, options with { Notes = notes }, sink, isFile ? HeadLength : InputProbe.Length);
        try
        {
            for (int read; (read = Fill(stream, chunk)) > 0 && records.Feed(chunk.AsSpan(0, read));)
            {
            }

            records.Complete();
        }
        finally
        {
            records.DeliverKept();
        }
    }

    private int FillAll(Stream stream, Span<byte> buffer)
    {
        var length = 0;
        for (int read; length < buffer.Length && (read = Fill(stream, buffer[length..])) > 0;) length += read;
        return length;
    }

    private int Fill(Stream stream, Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return stream.Read(buffer);
        }
        catch (EndOfStreamException e)
        {
            throw Damaged("is truncated: the compressed data ends too early", e);
        }
        catch (InvalidDataException e)
        {
            throw Damaged("is damaged: the compressed data cannot be decompressed", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Damaged(e.Message, e);
        }
    }

    private T Guard<T>(Func<T> open, string problem)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw Damaged($"{problem}: {e.Message}", e);
        }
    }

    private InputException Damaged(string problem, Exception cause) =>
        new(name, problem, records is { LineNumber: > 0 and var line } ? $"after line {line}" : null, cause);

    /// <summary>A stream owned by the caller, so it is not closed.</summary>
    private sealed class Unowned(Stream inner) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);
    }
}
