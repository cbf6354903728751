using System.Text;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Cache that usually returns the same string for the same short text, so that repeated sale conditions cost no memory. Bounded: texts with
/// the same slot replace each other.
/// </summary>
internal sealed class TextCache
{
    private const int Places = 1024;
    private const int MaxCached = 64;

    private string?[]? texts; // most events have none

    /// <summary>Decodes text of single-byte characters (Latin-1).</summary>
    public string Narrow(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        if (bytes.Length > MaxCached) return Encoding.Latin1.GetString(bytes);
        ref var place = ref (texts ??= new string?[Places])[Crc32C.Of(bytes) % Places];
        if (place is null || !IsSame(place, bytes)) place = Encoding.Latin1.GetString(bytes);
        return place;
    }

    /// <summary>Decodes text of two-byte characters (UTF-16, little-endian), including unpaired surrogates.</summary>
    public string Wide(ReadOnlySpan<byte> bytes)
    {
        Span<char> characters = bytes.Length <= 2 * MaxCached ? stackalloc char[bytes.Length / 2] : new char[bytes.Length / 2];
        for (var i = 0; i < characters.Length; i++)
            characters[i] = (char)(bytes[2 * i] | (bytes[(2 * i) + 1] << 8));
        if (characters.Length > MaxCached) return new string(characters);
        ref var place = ref (texts ??= new string?[Places])[Crc32C.Of(bytes) % Places];
        if (place is null || !characters.SequenceEqual(place)) place = new string(characters);
        return place;
    }

    private static bool IsSame(string text, ReadOnlySpan<byte> bytes)
    {
        if (text.Length != bytes.Length) return false;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (text[i] != bytes[i]) return false;
        }

        return true;
    }
}
