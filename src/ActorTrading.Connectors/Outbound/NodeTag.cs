using System.Security.Cryptography;
using ActorTrading.Engine;

namespace ActorTrading.Connectors.Outbound;

/// <summary>What tells a node from others of its cluster in the ids of what it alone has: made once, and kept in its folder.</summary>
internal static class NodeTag
{
    private const int Bytes = 6;

    /// <summary>Reads it, or makes it.</summary>
    public static string In(string folder, string name)
    {
        PrivateFiles.CreateFolder(folder);
        var path = Path.Combine(folder, $"{name}.node");
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known) return known;
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        var next = path + ".next";
        using (var file = PrivateFiles.Open(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(made));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        return made;
    }
}
