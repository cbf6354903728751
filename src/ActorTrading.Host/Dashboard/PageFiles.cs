using System.Security.Cryptography;
using System.Text;

namespace ActorTrading.Host.Dashboard;

/// <summary>The files of the dashboard, embedded in the program. Read once, when the first node of the process starts.</summary>
internal static class PageFiles
{
    private const string Prefix = "dashboard/";
    private const string PageName = "index.html";

    private static readonly Lazy<(PageFile Page, IReadOnlyList<PageFile> Assets, string Hash)> Loaded = new(Load);

    /// <summary>The page. It references the other files by <see cref="Hash"/>.</summary>
    public static PageFile Page => Loaded.Value.Page;

    /// <summary>All other files.</summary>
    public static IReadOnlyList<PageFile> Assets => Loaded.Value.Assets;

    /// <summary>The hash over all files; it changes when any file changes.</summary>
    public static string Hash => Loaded.Value.Hash;

    private static (PageFile Page, IReadOnlyList<PageFile> Assets, string Hash) Load()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var assembly = typeof(PageFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var path = resource.Replace('\\', '/'); // the build machine's path separators
            if (!path.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            files.Add(path[Prefix.Length..], Read(assembly.GetManifestResourceStream(resource)!));
        }

        var hash = HashOf(files);
        var page = Encoding.UTF8.GetString(files[PageName]).Replace("{{hash}}", hash, StringComparison.Ordinal);
        files.Remove(PageName);
        return (new PageFile(PageName, Encoding.UTF8.GetBytes(page)), [.. files.Select(file => new PageFile(file.Key, file.Value))], hash);
    }

    private static string HashOf(SortedDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash())[..16];
    }

    private static byte[] Read(Stream stream)
    {
        using (stream)
        {
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
    }
}
