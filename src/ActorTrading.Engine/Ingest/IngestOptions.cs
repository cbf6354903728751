using System.Net;
using ActorTrading.Wire.Framing;

namespace ActorTrading.Engine.Ingest;

/// <summary>Where the ingest listens, and what it lets a client do. Described in docs/ingest.md.</summary>
public sealed record IngestOptions
{
    /// <summary>The port where nothing else is said.</summary>
    public const int DefaultPort = 9999;

    /// <summary>The address; port 0 lets the system choose one.</summary>
    public IPEndPoint Address { get; init; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Whether it may listen on an address that other machines reach.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>The certificate to show; null: bytes are not encrypted. Its owner closes it after the listener.</summary>
    public CertificateFile? Tls { get; init; }

    /// <summary>The longest line, in bytes without its end.</summary>
    public int MaxLine { get; init; } = LineSplitter.DefaultMaxLength;

    /// <summary>The longest binary frame, in bytes after its length.</summary>
    public int MaxFrame { get; init; } = 128 * 1024;

    /// <summary>How many symbols, and how many sources, one binary connection may define.</summary>
    public int MaxNames { get; init; } = 65_536;

    /// <summary>How many connections there may be at once that have said hello or sent a record.</summary>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>How many others there may be beside them; a further one ends the oldest.</summary>
    public int MaxPending { get; init; } = 1_024;

    /// <summary>How many of these may come from one address (IPv6: from one /64 network); a further one ends the oldest.</summary>
    public int MaxPendingPerAddress { get; init; } = 256;

    /// <summary>How long a connection may take, after the handshake of TLS, until it has said hello or sent a record.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many records a batch is handed to the engine even if more bytes are there. A line or frame is not cut.</summary>
    public int MaxBatchRecords { get; init; } = 4_096;

    /// <summary>
    /// How many records of one connection may wait to become durable; no more is read until some are. A batch, and each piece of input that
    /// made no record, counts as 64.
    /// </summary>
    public int MaxRecordsInFlight { get; init; } = 524_288;

    /// <summary>
    /// How many bytes of answers to refused records may wait for a client to read them; no more is answered, and in the end
    /// nothing read, until it has. The answers to one batch are not cut.
    /// </summary>
    public int MaxPendingOutput { get; init; } = 256 * 1024;

    /// <summary>How often a client that said hello hears from the server.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long without a byte a connection is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a line or frame may take from its first byte to its last.</summary>
    public TimeSpan PartialTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may leave answers unread that its socket has no more room for.</summary>
    public TimeSpan ReaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many sources one connection may speak for, its hello's own not counted.</summary>
    public int MaxSources { get; init; } = 1_024;

    /// <summary>Who may send what; null: everybody everything.</summary>
    public AccessRules? Access { get; init; }

    /// <summary>
    /// Counts the connections of callers against their quotas, together with those of other ports; null: those of this
    /// port alone.
    /// </summary>
    public CallerConnections? Callers { get; init; }

    /// <summary>The port that answers HTTP, to be told to clients that speak it here; null: not told.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Hears of every connection that has ended, and why. Must not throw.</summary>
    public Action<ConnectionStatus>? OnClosed { get; init; }
}
