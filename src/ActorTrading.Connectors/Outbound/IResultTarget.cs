namespace ActorTrading.Connectors.Outbound;

/// <summary>A connection to the other system for sending results. After a failure a new one is created.</summary>
public interface IResultTarget : IAsyncDisposable
{
    /// <summary>The address of the other system, without secrets.</summary>
    string Peer { get; }

    /// <summary>Connects, and finds the position of the last result that the other system has; null if it has none.</summary>
    Task<ResultPosition?> OpenAsync(CancellationToken cancellation);

    /// <summary>
    /// Sends a result after the earlier ones. Completes when the other system has stored it durably. Fails if that is unknown; then the
    /// connection accepts no more results.
    /// </summary>
    /// <param name="delivered">The other system has all results up to this position. It can be stored with the result, to find the position
    /// to resume from.</param>
    Task SendAsync(ResultMessage message, ResultPosition delivered);
}
