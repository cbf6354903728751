using System.Security.Cryptography;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>
/// The first bytes of a file: how many, and their SHA-256 in hex. Two files with the same head are the same file, or one is a copy
/// of the other.
/// </summary>
internal sealed record FileHead(int Length, string Digest)
{
    /// <summary>The most bytes that are looked at.</summary>
    public const int MaxLength = 4_096;

    /// <summary>The head of a file without bytes.</summary>
    public static FileHead Empty { get; } = new(0, "");

    /// <summary>The head of a file of which these are the first bytes.</summary>
    public static FileHead Of(ReadOnlySpan<byte> first) =>
        first.IsEmpty ? Empty : new FileHead(
            Math.Min(first.Length, MaxLength), Convert.ToHexStringLower(SHA256.HashData(first[..Math.Min(first.Length, MaxLength)])));

    /// <summary>Whether a file begins with these bytes. Reads from its start.</summary>
    public bool IsOf(FileStream file)
    {
        if (file.Length < Length) return false;
        var first = new byte[Length];
        return Read(file, 0, first) == Length && Of(first) == this;
    }

    /// <summary>Reads as many bytes as there are, from a place on.</summary>
    public static int Read(FileStream file, long position, Span<byte> buffer)
    {
        var length = 0;
        for (int read; length < buffer.Length
            && (read = RandomAccess.Read(file.SafeFileHandle, buffer[length..], position + length)) > 0;) length += read;
        return length;
    }
}
