namespace ActorTrading.Connectors;

/// <summary>
/// Transfers records from another system, or results to it, as an Akka.Streams graph that restarts after a failure. Disposing it stops the
/// input, waits for the work in flight, and closes the connection.
/// </summary>
public interface IConnector : IAsyncDisposable
{
    /// <summary>The current status.</summary>
    ConnectorStatus Status { get; }

    /// <summary>Starts and returns at once. If the other system is unavailable it retries until it is disposed.</summary>
    void Start();
}
