using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Files;

/// <summary>
/// Reads files of records. The format is detected from the content: NDJSON, JSON, CSV or the binary stream, each plain, in gzip or in a zip
/// archive (every entry). Memory does not grow with the file.
/// </summary>
public static class RecordFile
{
    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>The default source of a file's records: the file name without folders, with invalid characters replaced.</summary>
    public static Source SourceOf(string path) => InputReader.SourceOf(path);

    /// <summary>
    /// Reads a file, or standard input, to its end. An <see cref="ILineSink"/> also receives the text of line-based inputs.
    /// </summary>
    /// <exception cref="InputException">The input cannot be read, or not to its end; earlier records have been delivered.</exception>
    /// <exception cref="OperationCanceledException">Reading was cancelled; checked after every chunk.</exception>
    public static void Read(string path, ReadOptions options, IRecordSink sink, CancellationToken cancellation = default)
    {
        using var stream = path == StandardInput ? Console.OpenStandardInput() : Open(path);
        Read(stream, path, options, sink, cancellation);
    }

    /// <summary>
    /// Reads a stream from its current position to its end and leaves it open. The name is used in messages and for the source.
    /// </summary>
    /// <exception cref="InputException">The input cannot be read, or not to its end; earlier records have been delivered.</exception>
    /// <exception cref="OperationCanceledException">Reading was cancelled; checked after every chunk.</exception>
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
            throw new InputException(path, Directory.Exists(path) ? "is a folder, not a file" : "permission denied", cause: e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new InputException(path, e.Message, cause: e);
        }
    }
}
