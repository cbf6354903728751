using System.IO.Compression;

namespace ActorTrading.Host.Dashboard;

/// <summary>A file of the dashboard, uncompressed and compressed.</summary>
internal sealed class PageFile
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".mjs"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [""] = "text/plain; charset=utf-8", // LICENSE and NOTICE
    };

    private readonly Lazy<byte[]> packed;

    public PageFile(string path, byte[] content)
    {
        Path = path;
        Content = content;
        packed = new Lazy<byte[]>(() => Pack(content));
        Type = Types[System.IO.Path.GetExtension(path)];
    }

    /// <summary>The path of the file below the assets folder, with slashes.</summary>
    public string Path { get; }

    /// <summary>The media type.</summary>
    public string Type { get; }

    /// <summary>The content.</summary>
    public byte[] Content { get; }

    /// <summary>The content compressed with gzip, on first use.</summary>
    public byte[] Packed => packed.Value;

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(content);
        return packed.ToArray();
    }
}
