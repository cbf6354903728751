namespace ActorTrading.Connectors.Outbound;

/// <summary>Results in their order, from a position on. Reading on from the same position gives the same messages again.</summary>
public interface IResultStream
{
    /// <summary>Whether each node of a cluster has results of its own to send, instead of one for all.</summary>
    bool IsOfNode { get; }

    /// <summary>The position behind the last result that there is.</summary>
    Task<ResultPosition> EndAsync(CancellationToken cancellation);

    /// <summary>Results behind a position, then those to come, until the engine stops.</summary>
    IAsyncEnumerable<ResultMessage> ReadAsync(ResultPosition after, CancellationToken cancellation);

    /// <summary>How many results there are behind a position; null where that is not known.</summary>
    long? CountAfter(ResultPosition position);
}
