using System.Security.Cryptography;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>
/// The head of a file: the number of its first bytes, and their SHA-256 in hex. Two files with the same head are the same file, or one is a
/// copy of the other.
/// </summary>
internal sealed record FileHead(int Length, string Digest)
{
    /// <summary>Maximum number of bytes in the head.</summary>
    public const int MaxLength = 4_096;

    /// <summary>The head of an empty file.</summary>
    public static FileHead Empty { get; } = new(0, "");

    /// <summary>Computes the head of a file from its first bytes.</summary>
    public static FileHead Of(ReadOnlySpan<byte> first) =>
        first.IsEmpty ? Empty : new FileHead(
            Math.Min(first.Length, MaxLength), Convert.ToHexStringLower(SHA256.HashData(first[..Math.Min(first.Length, MaxLength)])));

    /// <summary>Whether a file begins with this head. Reads the file from its start.</summary>
    public bool IsOf(FileStream file)
    {
        if (file.Length < Length) return false;
        var first = new byte[Length];
        return Read(file, 0, first) == Length && Of(first) == this;
    }

    /// <summary>Reads the available bytes from a position, up to the length of the buffer.</summary>
    public static int Read(FileStream file, long position, Span<byte> buffer)
    {
        var length = 0;
        for (int read; length < buffer.Length
            && (read = RandomAccess.Read(file.SafeFileHandle, buffer[length..], position + length)) > 0;) length += read;
        return length;
    }
}
