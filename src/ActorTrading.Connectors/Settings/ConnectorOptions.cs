namespace ActorTrading.Connectors.Settings;

/// <summary>What a connector is told. Each kind has a record of its own, which makes the connector.</summary>
/// <param name="Name">1 to 32 of <c>a-z 0-9 - _</c>.</param>
public abstract record ConnectorOptions(string Name, string Kind, ConnectorDirection Direction)
{
    /// <summary>Makes the connector; it does nothing until it is started.</summary>
    public abstract IConnector Create(ConnectorServices services);
}
