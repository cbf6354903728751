namespace ActorTrading.Connectors.Exchanges;

/// <summary>Kinds of exchange errors.</summary>
public enum ExchangeError
{
    /// <summary>The connection could not be opened, or it ended.</summary>
    Disconnected,

    /// <summary>No message arrived within the exchange's maximum silence.</summary>
    Silent,

    /// <summary>The exchange refuses key and secret, or the account does not have access to the data.</summary>
    LoginRefused,

    /// <summary>The exchange refuses a subscription, or reports an error.</summary>
    Refused,

    /// <summary>A request to the REST endpoints failed.</summary>
    RequestFailed,

    /// <summary>A message does not have the documented form.</summary>
    Malformed,
}

/// <summary>An error of an exchange; the message contains no secret.</summary>
public sealed class ExchangeException(ExchangeError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of error.</summary>
    public ExchangeError Error { get; } = error;

    /// <summary>The delay before the next request, as requested by the exchange; null if it requests none.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
