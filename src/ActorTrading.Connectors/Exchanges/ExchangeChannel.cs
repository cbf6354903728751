using System.Diagnostics.CodeAnalysis;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Data channels of an exchange.</summary>
public enum ExchangeChannel
{
    /// <summary>Every trade.</summary>
    Trades,

    /// <summary>Best bid and ask.</summary>
    Quotes,

    /// <summary>The levels of the order book.</summary>
    Books,

    /// <summary>Complete candles of one interval.</summary>
    Klines,
}

/// <summary>Names of channels in settings, sources and metrics.</summary>
public static class ExchangeChannels
{
    /// <summary>All channels.</summary>
    public static IReadOnlyList<ExchangeChannel> All { get; } = Enum.GetValues<ExchangeChannel>();

    /// <summary><c>trades</c>, <c>quotes</c>, <c>books</c>, <c>klines</c>.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "names of settings are small letters")]
    public static string Name(this ExchangeChannel channel) => channel.ToString().ToLowerInvariant();

    /// <summary>Parses a name.</summary>
    public static bool TryParse(string text, out ExchangeChannel channel)
    {
        foreach (var one in All)
        {
            if (one.Name() != text) continue;
            channel = one;
            return true;
        }

        channel = default;
        return false;
    }
}
