using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// SHA-256 of the content of a plan. Two spellings of one plan have the same hash; any change that can affect a state or a signal changes
/// it. It also covers the calendars' fingerprints and <see cref="FoldLayoutVersion"/>. So a release that folds or lays out state
/// differently has other hashes and loads no older snapshot.
/// </summary>
public readonly record struct PlanHash(UInt128 High, UInt128 Low)
{
    /// <summary>Version of the fold and of the state layout. Increase it with every change of either.</summary>
    public const int FoldLayoutVersion = 1;

    /// <summary>Length of a hash, in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>The first 16 hexadecimal digits, for display.</summary>
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

    /// <summary>The hash of a text, as a key that no plan has.</summary>
    public static PlanHash OfText(string text) => Of(Encoding.UTF8.GetBytes(text), []);

    /// <summary>The hash of two hashes.</summary>
    internal static PlanHash Of(in PlanHash first, in PlanHash second)
    {
        Span<byte> both = stackalloc byte[2 * Length];
        first.CopyTo(both);
        second.CopyTo(both[Length..]);
        return Of(both, []);
    }

    /// <summary>The hash of a plan's canonical JSON and of the fingerprints of its calendars.</summary>
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
