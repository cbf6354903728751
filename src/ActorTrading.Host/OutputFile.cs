using System.IO.Compression;

namespace ActorTrading.Host;

/// <summary>Output files of commands: <c>-</c> is standard output; a name that ends in .gz is compressed.</summary>
internal static class OutputFile
{
    /// <exception cref="CommandException">The file cannot be created.</exception>
    public static Stream Create(string path)
    {
        if (path == "-") return Console.OpenStandardOutput();
        try
        {
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.BadOutput, $"{path}: cannot be written: {exception.Message}");
        }
    }
}
