namespace ActorTrading.Connectors.Outbound;

/// <summary>A connection to the other system, which results are sent by. After a failure another one is made.</summary>
public interface IResultTarget : IAsyncDisposable
{
    /// <summary>Where the other system is, without anything secret.</summary>
    string Peer { get; }

    /// <summary>Connects, and finds up to where the other system has results; null where it knows of none.</summary>
    Task<ResultPosition?> OpenAsync(CancellationToken cancellation);

    /// <summary>
    /// Sends a result behind those sent before; completes when the other system has it for good. Fails where that is not known, and then
    /// takes no more.
    /// </summary>
    /// <param name="delivered">Up to here the other system has all results; what it stores with them can tell where to go on.</param>
    Task SendAsync(ResultMessage message, ResultPosition delivered);
}
