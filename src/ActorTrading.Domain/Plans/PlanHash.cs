using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// SHA-256 of what a plan says: the same for two spellings of one plan, another for any change that a state or a
/// signal could show. It also covers the calendars' fingerprints and <see cref="FoldLayoutVersion"/>, so that a release which folds
/// or lays out state in another way has other hashes, and loads no snapshot of an older one.
/// </summary>
public readonly record struct PlanHash(UInt128 High, UInt128 Low)
{
    /// <summary>Counts the ways in which states have been laid out and folded. Raise it with every change of either.</summary>
    public const int FoldLayoutVersion = 1;

    /// <summary>How many bytes a hash has.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>The first 16 hexadecimal digits, for people.</summary>
    public string Short => ToString()[..16];

    /// <summary>Reads the 32 bytes that <see cref="CopyTo"/> wrote.</summary>
    public static PlanHash FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, High);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], Low);
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x32}{Low:x32}";

    /// <summary>A key that no plan has, by a text.</summary>
    public static PlanHash OfText(string text) => Of(Encoding.UTF8.GetBytes(text), []);

    /// <summary>The hash of two hashes.</summary>
    internal static PlanHash Of(in PlanHash first, in PlanHash second)
    {
        Span<byte> both = stackalloc byte[2 * Length];
        first.CopyTo(both);
        second.CopyTo(both[Length..]);
        return Of(both, []);
    }

    /// <summary>The hash of a plan's canonical JSON and of what its calendars depend on beside that.</summary>
    internal static PlanHash Of(ReadOnlySpan<byte> canonicalJson, IEnumerable<TradingCalendar> calendars)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> version = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(version, FoldLayoutVersion);
        sha.AppendData(version);
        sha.AppendData(canonicalJson);
        foreach (var calendar in calendars) sha.AppendData(Encoding.UTF8.GetBytes(calendar.Fingerprint));
        Span<byte> hash = stackalloc byte[Length];
        sha.GetHashAndReset(hash);
        return FromBytes(hash);
    }
}
