namespace ActorTrading.Connectors.Outbound;

/// <summary>Kinds of results that a connector sends to another system.</summary>
public enum ResultKind
{
    /// <summary>The signal log, withdrawals included.</summary>
    Signals,

    /// <summary>Closed bars with the values of their indicators.</summary>
    Bars,

    /// <summary>Values of indicators by symbol and frame.</summary>
    Values,

    /// <summary>Moving averages, or the indicators in the settings, of each price.</summary>
    Volatility,

    /// <summary>Records that this node rejected.</summary>
    Rejects,
}
