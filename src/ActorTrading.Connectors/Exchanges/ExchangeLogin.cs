namespace ActorTrading.Connectors.Exchanges;

/// <summary>
/// Key and secret for an exchange that wants a login. They come from files or environment variables. No log, message or answer
/// contains them.
/// </summary>
public sealed class ExchangeLogin(string key, string secret)
{
    internal string Key { get; } = key;

    internal string Secret { get; } = secret;

    /// <summary>A text of the exchange without key and secret, should it repeat them.</summary>
    internal string Without(string text) =>
        text.Replace(Secret, "***", StringComparison.Ordinal).Replace(Key, "***", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "(login)";
}
