namespace ActorTrading.Connectors.Outbound;

/// <summary>Factory of result streams.</summary>
public static class ResultStreams
{
    /// <summary>Creates the stream of a kind.</summary>
    /// <param name="name">The name of the connector; the node's unique tag is stored under this name.</param>
    public static IResultStream Of(ConnectorServices services, ResultOptions options, string name) => options.Kind switch
    {
        ResultKind.Signals => new SignalResults(services.Engine, services.LastSignal, options),
        ResultKind.Rejects => new RejectResults(services.IngestPipeline, NodeTag.In(services.Folder, name), options),
        _ => new BarResults(services.Engine, options),
    };
}
