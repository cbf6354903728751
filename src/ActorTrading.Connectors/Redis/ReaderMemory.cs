using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrading.Engine;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The position up to which a key was read, stored on this node in case Redis has lost its own state: a small file that is overwritten in
/// place. It survives the process, but not necessarily a crash of the machine.
/// </summary>
internal sealed class ReaderMemory
{
    private const int Length = 512;

    private readonly string path;
    private readonly string key;

    /// <param name="stem">The prefix of the file name.</param>
    public ReaderMemory(string folder, string stem, string key)
    {
        this.key = key;
        path = Path.Combine(folder, $"{stem}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 6))}.cursor");
    }

    /// <summary>Reads the position; null if there is none or it is damaged.</summary>
    public KeptCursor? Load()
    {
        try
        {
            if (!File.Exists(path)) return null;
            var kept = JsonSerializer.Deserialize(File.ReadAllText(path), CursorJson.Default.KeptCursor);
            return kept is { Cursor: not null } && kept.Key == KeyPrint ? kept : null;
        }
        catch (JsonException)
        {
            return null; // the machine crashed while it was written
        }
    }

    /// <summary>Replaces the stored position.</summary>
    public void Save(long epoch, string cursor, string print)
    {
        var text = JsonSerializer.Serialize(new KeptCursor(KeyPrint, epoch, cursor, print), CursorJson.Default.KeptCursor);
        using var file = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(Encoding.UTF8.GetBytes(text.PadRight(Length)));
    }

    private string KeyPrint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));
}

/// <summary>A position in a key. <paramref name="Key"/>: a fingerprint of its name.</summary>
internal sealed record KeptCursor(string Key, long Epoch, string Cursor, string Print);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KeptCursor))]
internal sealed partial class CursorJson : JsonSerializerContext;
