namespace ActorTrading.Connectors.Outbound;

/// <summary>The streams of results that there are.</summary>
public static class ResultStreams
{
    /// <summary>The stream of a kind.</summary>
    /// <param name="name">The connector's; what tells its node from others of the cluster is kept under this name.</param>
    public static IResultStream Of(ConnectorServices services, ResultOptions options, string name) => options.Kind switch
    {
        ResultKind.Signals => new SignalResults(services.Engine, services.LastSignal, options),
        ResultKind.Rejects => new RejectResults(services.IngestPipeline, NodeTag.In(services.Folder, name), options),
        _ => new BarResults(services.Engine, options),
    };
}
