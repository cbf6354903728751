namespace ActorTrading.Connectors;

/// <summary>
/// Carries records in from another system, or results out to it, as an Akka.Streams graph that starts again by itself
/// after a failure. Disposing of it takes nothing more, waits for what is under way, and closes the connection.
/// </summary>
public interface IConnector : IAsyncDisposable
{
    /// <summary>How it is doing.</summary>
    ConnectorStatus Status { get; }

    /// <summary>Begins; returns at once. Without the other system it tries again until it is disposed of.</summary>
    void Start();
}
