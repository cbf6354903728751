using ActorTrading.Connectors.Exchanges.Adapters;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Registry of the supported exchanges.</summary>
public static class ExchangeRegistry
{
    /// <summary>The names of the exchanges.</summary>
    public static IReadOnlyList<string> Names { get; } = ["alpaca", "binance", "coinbase", "kraken"];

    internal static IExchange Create(ExchangeOptions options, TimeProvider time) => options.Exchange switch
    {
        "alpaca" => new Alpaca(options),
        "binance" => new Binance(options, time),
        "coinbase" => new Coinbase(options),
        "kraken" => new Kraken(options, time),
        _ => throw new ArgumentException($"'{options.Exchange}' is not an exchange.", nameof(options)),
    };
}
