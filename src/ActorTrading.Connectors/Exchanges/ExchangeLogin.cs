namespace ActorTrading.Connectors.Exchanges;

/// <summary>
/// Key and secret for an exchange that requires a login. Read from files or environment variables. No log, message or response contains
/// them.
/// </summary>
public sealed class ExchangeLogin(string key, string secret)
{
    internal string Key { get; } = key;

    internal string Secret { get; } = secret;

    /// <summary>Removes key and secret from a text of the exchange, in case it repeats them.</summary>
    internal string Without(string text) =>
        text.Replace(Secret, "***", StringComparison.Ordinal).Replace(Key, "***", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "(login)";
}
