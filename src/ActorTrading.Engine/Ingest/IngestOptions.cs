using System.Net;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Wire.Framing;

namespace ActorTrading.Engine.Ingest;

/// <summary>Address and limits of the ingest listener. Described in docs/ingest.md.</summary>
public sealed record IngestOptions
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 9999;

    /// <summary>The address to listen on; with port 0 the system chooses a port.</summary>
    public IPEndPoint Address { get; init; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Whether it may listen on an address that other machines can reach.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>The server certificate; null: no encryption. The owner disposes it after the listener.</summary>
    public CertificateFile? Tls { get; init; }

    /// <summary>Maximum length of a line, in bytes without the line end.</summary>
    public int MaxLine { get; init; } = LineSplitter.DefaultMaxLength;

    /// <summary>Maximum length of a binary frame, in bytes after the length field.</summary>
    public int MaxFrame { get; init; } = 128 * 1024;

    /// <summary>Maximum number of symbols, and of sources, that one binary connection may define.</summary>
    public int MaxNames { get; init; } = 65_536;

    /// <summary>Maximum number of concurrent connections that have sent a hello or a record.</summary>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>Maximum number of pending connections (no hello and no record yet), in addition; a further one closes the oldest.</summary>
    public int MaxPending { get; init; } = 1_024;

    /// <summary>Maximum number of pending connections from one address (IPv6: one /64 network); a further one closes the oldest.</summary>
    public int MaxPendingPerAddress { get; init; } = 256;

    /// <summary>Maximum time from the TLS handshake to the first hello or record.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Number of records after which a batch is passed to the engine even if more bytes are available. A line or frame is not split.
    /// </summary>
    public int MaxBatchRecords { get; init; } = 4_096;

    /// <summary>
    /// Maximum number of records of one connection that wait to become durable; at the limit, reading pauses. A batch, and each unreadable
    /// piece of input, counts as 64 records.
    /// </summary>
    public int MaxRecordsInFlight { get; init; } = 524_288;

    /// <summary>
    /// Maximum number of bytes of rejection answers that wait for a client to read them. At the limit, answering pauses, and finally
    /// reading too. The answers to one batch are not split.
    /// </summary>
    public int MaxPendingOutput { get; init; } = 256 * 1024;

    /// <summary>Interval of heartbeats to a client that has sent a hello.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time without a byte after which a connection is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Maximum time from the first byte of a line or frame to its last.</summary>
    public TimeSpan PartialTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum time that a client may leave answers unread while its socket buffer is full.</summary>
    public TimeSpan ReaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum number of sources of one connection, not counting the source of its hello.</summary>
    public int MaxSources { get; init; } = 1_024;

    /// <summary>The access rules; null: all clients may send everything.</summary>
    public AccessRules? Access { get; init; }

    /// <summary>
    /// Counts the connections of callers against their quotas, together with those of other ports; null: counts this port alone.
    /// </summary>
    public CallerConnections? Callers { get; init; }

    /// <summary>The HTTP port, named in the error for clients that speak HTTP here; null: not named.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Called with the final status of every closed connection. Must not throw.</summary>
    public Action<ConnectionStatus>? OnClosed { get; init; }
}
