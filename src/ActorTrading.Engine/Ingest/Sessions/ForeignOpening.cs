using System.Buffers;
using System.Text;

namespace ActorTrading.Engine.Ingest.Sessions;

/// <summary>
/// The first line of a client that speaks another protocol, buffered until the protocol is clear: to the end of the line, to the first byte
/// that is not text, or to <see cref="MaxLength"/> bytes. The result does not depend on how the bytes are split.
/// </summary>
internal sealed class ForeignOpening
{
    private const int MaxLength = 1_024;
    private const byte TlsHandshake = 0x16;

    private static readonly SearchValues<byte> Text = SearchValues.Create(
        [(byte)'\t', (byte)'\r', .. Enumerable.Range(0x20, 0x7F - 0x20).Select(value => (byte)value)]);
    private static readonly SearchValues<char> MethodCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly byte[] kept = new byte[MaxLength];
    private int length;

    /// <summary>Whether it is an HTTP request: a method and a target.</summary>
    public bool IsHttp
    {
        get
        {
            var line = Encoding.Latin1.GetString(kept.AsSpan(0, length)).TrimEnd();
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || line.AsSpan(0, space).ContainsAnyExcept(MethodCharacters)) return false;
            var target = line.AsSpan(space + 1).TrimStart();
            return target.StartsWith("/") || target.Contains("://", StringComparison.Ordinal)
                || target.Contains(" HTTP/", StringComparison.Ordinal);
        }
    }

    /// <summary>Adds bytes. Returns whether the protocol is decided.</summary>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        var some = bytes[..Math.Min(bytes.Length, MaxLength - length)];
        var end = some.IndexOfAnyExcept(Text);
        if (end >= 0) some = some[..(end + 1)]; // keep the byte that decides: it may be the first
        some.CopyTo(kept.AsSpan(length));
        length += some.Length;
        return end >= 0 || length == MaxLength;
    }

    /// <summary>The error message for the client.</summary>
    /// <param name="httpPort">The port of the HTTP server; null if unknown.</param>
    public string Describe(int? httpPort)
    {
        const string Expected = "this port expects records: a hello, JSON, or a binary stream";
        if (IsHttp) return $"{Expected}, not HTTP{(httpPort is { } port ? $", which port {port} speaks" : "")}";
        if (kept[0] == TlsHandshake) return $"{Expected}, without TLS, since the server has no certificate";
        return kept.AsSpan(0, length).StartsWith("PROXY "u8)
            ? $"{Expected}, without the PROXY protocol before it"
            : $"{Expected}, but the first bytes are of another protocol";
    }
}
