using System.Text.RegularExpressions;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Use of the decimals in an exchange's list of instruments.</summary>
public enum InstrumentUse
{
    /// <summary>
    /// Reports a symbol for which the plan has too few decimals, in log and status, with the plan's lines that would fix it.
    /// </summary>
    Advise,

    /// <summary>
    /// Sets the plan's decimals of symbols that the plan does not contain and of which no record was accepted; for other symbols as
    /// <see cref="Advise"/>.
    /// </summary>
    Plan,

    /// <summary>The list is not requested.</summary>
    Off,
}

/// <summary>An error in the options of an exchange.</summary>
/// <param name="Key">The setting, in the form <c>connectors:NAME:KEY</c>.</param>
public sealed record ExchangeProblem(string Key, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Text}";
}

/// <summary>Options of a connector that reads an exchange.</summary>
public sealed partial record ExchangeOptions
{
    /// <summary>The connector's name.</summary>
    public required string Name { get; init; }

    /// <summary>The exchange: see <see cref="ExchangeRegistry.Names"/>.</summary>
    public required string Exchange { get; init; }

    /// <summary>The symbols in the exchange's spelling.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>The channels that are read for each symbol.</summary>
    public IReadOnlyList<ExchangeChannel> Channels { get; init; } = [ExchangeChannel.Trades];

    /// <summary>The interval of <see cref="ExchangeChannel.Klines"/>, as in <c>1m</c>, <c>4h</c>, <c>1d</c>.</summary>
    public string Interval { get; init; } = "1m";

    /// <summary>Number of book levels per side that are kept up to date, 1 to 50 (the engine keeps 50).</summary>
    public int Depth { get; init; } = 25;

    /// <summary>The WebSocket address; null: the exchange's.</summary>
    public Uri? Url { get; init; }

    /// <summary>The address of the REST endpoints; null: the exchange's.</summary>
    public Uri? RestUrl { get; init; }

    /// <summary>Prefix of the source names, followed by a colon and the channel; null: the exchange's name.</summary>
    public string? Source { get; init; }

    /// <summary>Key and secret, for an exchange that requires a login.</summary>
    public ExchangeLogin? Login { get; init; }

    /// <summary>Use of the list of instruments.</summary>
    public InstrumentUse Instruments { get; init; } = InstrumentUse.Advise;

    /// <summary>The connection is closed after this time without a message; null: the limit of the exchange.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Age at which a connection is replaced, before the exchange closes it; null: the limit of the exchange.</summary>
    public TimeSpan? Renew { get; init; }

    /// <summary>Minimum time between two requests to the REST endpoints; null: the limit of the exchange.</summary>
    public TimeSpan? RequestEvery { get; init; }

    /// <summary>Delay before the first attempt to reconnect; doubles with each attempt, with a random factor of 0.2.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Maximum delay before a reconnect.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Maximum time for which newer trades of a symbol are held while missing ones are requested.</summary>
    public TimeSpan GapTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time to wait for a missing trade to arrive out of order before it is requested.</summary>
    public TimeSpan ReorderTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Maximum number of trades of a symbol held while missing ones are requested.</summary>
    public int MaxHeld { get; init; } = 10_000;

    /// <summary>Maximum number of missing trades of a symbol that are requested; a larger gap is not filled, and is reported.</summary>
    public int MaxFill { get; init; } = 10_000;

    /// <summary>
    /// Maximum number of queued messages while the engine is slower than the exchange; further ones are dropped, and reported.
    /// </summary>
    public int Buffer { get; init; } = 16_384;

    /// <summary>Maximum size of a message, in bytes.</summary>
    public int MaxMessage { get; init; } = 32 * 1024 * 1024;

    /// <summary>The first error of these options; null if there is none.</summary>
    public ExchangeProblem? Problem()
    {
        if (!ExchangeRegistry.Names.Contains(Exchange))
            return new ExchangeProblem("kind", $"'{Exchange}' is not an exchange; known are {string.Join(", ", ExchangeRegistry.Names)}");
        if (Channels.Count == 0) return new ExchangeProblem("channels", "no channel is set");
        if (Channels.Contains(ExchangeChannel.Trades) && Channels.Contains(ExchangeChannel.Klines))
            return new ExchangeProblem("channels", "trades and klines of a symbol are both set: choose one of them");
        if (Depth is < 1 or > 50) return new ExchangeProblem("depth", $"'{Depth}' is not a whole number from 1 to 50");
        if (Source is { } source && !Domain.Values.Source.TryParse($"{source}:klines:15m", out _))
            return new ExchangeProblem("source", $"'{source}' is not a source name");
        return Symbols.FirstOrDefault(symbol => !IsSymbol(symbol)) is { } wrong
            ? new ExchangeProblem("symbols", $"'{wrong}' is not a symbol of an exchange")
            : ExchangeRegistry.Create(this, TimeProvider.System).Problem();
    }

    private static bool IsSymbol(string text) => Spelling().IsMatch(text) && Symbol.TryParse(text, out _);

    [GeneratedRegex("^[A-Za-z0-9._/-]{1,32}$")]
    private static partial Regex Spelling();
}
