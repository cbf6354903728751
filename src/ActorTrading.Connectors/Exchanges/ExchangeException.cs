namespace ActorTrading.Connectors.Exchanges;

/// <summary>What went wrong with an exchange.</summary>
public enum ExchangeError
{
    /// <summary>The connection could not be made, or ended.</summary>
    Disconnected,

    /// <summary>Nothing came for longer than the exchange may be silent.</summary>
    Silent,

    /// <summary>The exchange refuses key and secret, or the account may not have the data.</summary>
    LoginRefused,

    /// <summary>The exchange refuses a subscription, or says that something is wrong.</summary>
    Refused,

    /// <summary>A request to the REST endpoints failed.</summary>
    RequestFailed,

    /// <summary>A message is not of the documented form.</summary>
    Malformed,
}

/// <summary>An exchange failed; the message holds no secret.</summary>
public sealed class ExchangeException(ExchangeError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public ExchangeError Error { get; } = error;

    /// <summary>How long the exchange asks to wait before the next request; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
