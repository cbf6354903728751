using System.IO.Compression;
using System.Text;

namespace ActorTrading.TestKit;

/// <summary>
/// The reference data: recorded trades and bars, and indicator values computed by other projects. Its folder is <c>shared/reference</c>
/// beside the repository, or the one in <see cref="Variable"/>.
/// </summary>
public static class ReferenceData
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "ACTORTRADING_REFERENCE";

    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>The folder; null if it does not exist.</summary>
    public static string? Folder => Found.Value;

    /// <summary>Why tests on reference data cannot run on this machine; null if they can.</summary>
    public static string? WhyMissing => Folder is null
        ? $"no reference data: neither {Variable} nor ../shared/reference beside the repository names a folder"
        : null;

    /// <summary>The path of one file, given by its parts below the folder.</summary>
    /// <exception cref="FileNotFoundException">The folder or the file does not exist.</exception>
    public static string PathOf(params string[] parts)
    {
        var folder = Folder ?? throw new FileNotFoundException(WhyMissing);
        var path = Path.Combine([folder, .. parts]);
        return File.Exists(path) ? path : throw new FileNotFoundException($"no such reference file: {path}", path);
    }

    /// <summary>The lines of a text file; a file ending in <c>.gz</c> is unpacked.</summary>
    public static IEnumerable<string> Lines(params string[] parts) => ReadLines(PathOf(parts));

    /// <summary>The bytes of a file; a file ending in <c>.gz</c> is unpacked.</summary>
    public static Stream Open(params string[] parts) => OpenFile(PathOf(parts));

    /// <summary>The folder of ActorTrading.sln, above the folder in which the tests run.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests do not run below the repository.</exception>
    public static string RepositoryFolder() => FindRepository()
        ?? throw new DirectoryNotFoundException($"no ActorTrading.sln above {AppContext.BaseDirectory}");

    private static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(OpenFile(path), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static Stream OpenFile(string path)
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        if (FindRepository() is not { } repository)
            return null;
        var beside = Path.GetFullPath(Path.Combine(repository, "..", "shared", "reference"));
        return Directory.Exists(beside) ? beside : null;
    }

    private static string? FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorTrading.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }
}
