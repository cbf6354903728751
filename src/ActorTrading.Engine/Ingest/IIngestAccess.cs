using System.Security.Cryptography;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Says who may send. Where there is one, a record that names another source than its connection's hello is refused.
/// Called by several connections at once.
/// </summary>
public interface IIngestAccess
{
    /// <summary>Whether a client that says no hello may send.</summary>
    bool AllowsUnnamed { get; }

    /// <summary>Whether a client may send as that source, with the token of its hello (empty when it showed none; never to be kept or logged).</summary>
    bool Allows(Source source, ReadOnlySpan<byte> token);
}

/// <summary>Comparison of secrets.</summary>
public static class SecretToken
{
    /// <summary>Whether both are the same. Takes the same time wherever they differ; an empty one is never right.</summary>
    public static bool Matches(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> given)
    {
        // Hashes are of one length, so that not even the length of the secret shows.
        Span<byte> left = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(expected, left);
        SHA256.HashData(given, right);
        return CryptographicOperations.FixedTimeEquals(left, right) && !expected.IsEmpty;
    }
}
