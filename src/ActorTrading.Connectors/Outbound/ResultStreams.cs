namespace ActorTrading.Connectors.Outbound;

/// <summary>The streams of results that there are.</summary>
public static class ResultStreams
{
    /// <summary>The stream of a kind.</summary>
    public static IResultStream Of(ConnectorServices services, ResultOptions options) => options.Kind switch
    {
        ResultKind.Signals => new SignalResults(services.Engine, services.LastSignal, options),
        ResultKind.Rejects => new RejectResults(services.Reception, services.NodeName, options),
        _ => new BarResults(services.Engine, options),
    };
}
