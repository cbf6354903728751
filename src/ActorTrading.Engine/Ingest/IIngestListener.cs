using System.Net;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// A TCP port that takes records in. However bytes are carried behind it, the protocol is that of docs/ingest.md. Disposing of it
/// closes everything at once.
/// </summary>
public interface IIngestListener : IAsyncDisposable
{
    /// <summary>Where it listens, with the port that was chosen.</summary>
    IPEndPoint Address { get; }

    /// <summary>The connections open now, by number.</summary>
    IReadOnlyList<ConnectionStatus> Connections { get; }

    /// <summary>Sums over all connections, open and ended.</summary>
    IngestTotals Totals { get; }

    /// <summary>
    /// Takes no more connections and no more bytes, answers for what was taken, tells clients so, and closes. When cancelled, closes
    /// at once what is still open.
    /// </summary>
    Task StopAsync(CancellationToken cancellation = default);
}
