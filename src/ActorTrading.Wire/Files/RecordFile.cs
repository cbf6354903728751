using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Files;

/// <summary>
/// Reads files of records in any format that is known by its content: NDJSON, JSON, CSV, the binary stream, each
/// plain, in gzip or in a zip archive (every part of it). Memory does not grow with the file.
/// </summary>
public static class RecordFile
{
    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// The source of a file's records that name none: the name of the file, without folders and with nothing that a source may not have.
    /// </summary>
    public static Source SourceOf(string path) => InputReader.SourceOf(path);

    /// <summary>Reads a file, or standard input, to its end. An <see cref="ILineSink"/> gets the text of inputs of lines.</summary>
    /// <exception cref="InputException">It cannot be read, or not to its end; what came before has been delivered.</exception>
    /// <exception cref="OperationCanceledException">Reading was cancelled; asked after every chunk.</exception>
    public static void Read(string path, ReadOptions options, IRecordSink sink, CancellationToken cancellation = default)
    {
        using var stream = path == StandardInput ? Console.OpenStandardInput() : Open(path);
        Read(stream, path, options, sink, cancellation);
    }

    /// <summary>Reads a stream from where it stands to its end; it stays open. The name stands in messages, and for the source.</summary>
    /// <exception cref="InputException">It cannot be read, or not to its end; what came before has been delivered.</exception>
    /// <exception cref="OperationCanceledException">Reading was cancelled; asked after every chunk.</exception>
    public static void Read(Stream stream, string name, ReadOptions options, IRecordSink sink, CancellationToken cancellation = default) =>
        new InputReader(options, sink, cancellation).ReadFile(stream, name);

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "no such file", cause: e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputException(path, Directory.Exists(path) ? "is a folder, not a file" : "may not be read", cause: e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new InputException(path, e.Message, cause: e);
        }
    }
}
