using System.IO.Compression;

namespace ActorTrading.Host.Dashboard;

/// <summary>One file of the dashboard, as it is and packed.</summary>
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

    /// <summary>Its path below the folder of the assets, with slashes.</summary>
    public string Path { get; }

    /// <summary>The media type.</summary>
    public string Type { get; }

    /// <summary>The content.</summary>
    public byte[] Content { get; }

    /// <summary>The content, packed with gzip when it is first asked for.</summary>
    public byte[] Packed => packed.Value;

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(content);
        return packed.ToArray();
    }
}
