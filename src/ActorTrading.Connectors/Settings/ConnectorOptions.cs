namespace ActorTrading.Connectors.Settings;

/// <summary>Options of a connector. Each kind has its own record type, which creates the connector.</summary>
/// <param name="Name">1 to 32 of <c>a-z 0-9 - _</c>.</param>
public abstract record ConnectorOptions(string Name, string Kind, ConnectorDirection Direction)
{
    /// <summary>Creates the connector without starting it.</summary>
    public abstract IConnector Create(ConnectorServices services);
}
