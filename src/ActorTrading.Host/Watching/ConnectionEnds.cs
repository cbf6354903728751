using System.Collections.Concurrent;
using ActorTrading.Engine.Ingest;

namespace ActorTrading.Host.Watching;

/// <summary>
/// How many connections ended, by the code of the error; <c>none</c> where the client ended it. Safe for any number of threads.
/// </summary>
internal sealed class ConnectionEnds
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>The codes seen so far.</summary>
    public IEnumerable<KeyValuePair<string, long>> All => counts.OrderBy(static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>One has ended.</summary>
    public void Add(ConnectionStatus ended) => counts.AddOrUpdate(ended.Error?.Code ?? "none", 1, static (_, count) => count + 1);
}
