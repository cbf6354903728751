using System.Net;
using ActorTrading.Engine.Ingest.Connections;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// TCP listener for records. The protocol is the same for every implementation, see docs/ingest.md. Disposing it closes all connections at
/// once.
/// </summary>
public interface IIngestListener : IAsyncDisposable
{
    /// <summary>The address on which it listens, with the actual port.</summary>
    IPEndPoint Address { get; }

    /// <summary>Open connections, by number.</summary>
    IReadOnlyList<ConnectionStatus> Connections { get; }

    /// <summary>Totals over all connections, open and closed.</summary>
    IngestTotals Totals { get; }

    /// <summary>
    /// Stops the listener: accepts no more connections and no more bytes, answers for the accepted input, notifies the clients, and closes.
    /// When cancelled, closes at once the connections that are still open.
    /// </summary>
    Task StopAsync(CancellationToken cancellation = default);
}
