namespace ActorTrading.Connectors.Outbound;

/// <summary>An ordered stream of results, from a position on. Reading again from the same position gives the same messages.</summary>
public interface IResultStream
{
    /// <summary>Whether each node of a cluster sends results of its own, instead of one node for all.</summary>
    bool IsOfNode { get; }

    /// <summary>The position after the last existing result.</summary>
    Task<ResultPosition> EndAsync(CancellationToken cancellation);

    /// <summary>The results after a position, then live results, until the engine stops.</summary>
    IAsyncEnumerable<ResultMessage> ReadAsync(ResultPosition after, CancellationToken cancellation);

    /// <summary>Number of results after a position; null if unknown.</summary>
    long? CountAfter(ResultPosition position);
}
