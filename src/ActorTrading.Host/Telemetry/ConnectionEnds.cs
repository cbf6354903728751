using System.Collections.Concurrent;
using ActorTrading.Engine.Ingest.Connections;

namespace ActorTrading.Host.Telemetry;

/// <summary>Counts ended connections by their error code; <c>none</c> for connections that the client closed. Thread-safe.</summary>
internal sealed class ConnectionEnds
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>The error codes seen so far, with their counts.</summary>
    public IEnumerable<KeyValuePair<string, long>> All => counts.OrderBy(static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Counts an ended connection.</summary>
    public void Add(ConnectionStatus ended) => counts.AddOrUpdate(ended.Error?.Code ?? "none", 1, static (_, count) => count + 1);
}
