namespace ActorTrading.Connectors.Outbound;

/// <summary>What a connector sends to another system.</summary>
public enum ResultKind
{
    /// <summary>The signal log, withdrawals included.</summary>
    Signals,

    /// <summary>Closed bars with the values of their indicators.</summary>
    Bars,

    /// <summary>Values of indicators by symbol and frame.</summary>
    Values,

    /// <summary>Moving averages, and what else the settings name, of each price.</summary>
    Volatility,

    /// <summary>What the doors of this node refuse.</summary>
    Rejects,
}
