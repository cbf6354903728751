using System.Text.RegularExpressions;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>What is done with the decimals that an exchange's list of instruments gives.</summary>
public enum InstrumentUse
{
    /// <summary>
    /// A symbol that the plan has too few decimals for is told in log and status, with the plan's lines that would take it.
    /// </summary>
    Advise,

    /// <summary>
    /// The plan gets the decimals of symbols that it does not name and of which nothing was accepted; for other symbols as
    /// <see cref="Advise"/>.
    /// </summary>
    Plan,

    /// <summary>The list is not asked for.</summary>
    Off,
}

/// <summary>Something that is wrong with the options of an exchange.</summary>
/// <param name="Key">The setting, as <c>connectors:NAME:KEY</c> spells it.</param>
public sealed record ExchangeProblem(string Key, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Text}";
}

/// <summary>How a connector reads an exchange.</summary>
public sealed partial record ExchangeOptions
{
    /// <summary>The connector's name.</summary>
    public required string Name { get; init; }

    /// <summary>The exchange: see <see cref="ExchangeRegistry.Names"/>.</summary>
    public required string Exchange { get; init; }

    /// <summary>Symbols as the exchange spells them.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>What is read of each.</summary>
    public IReadOnlyList<ExchangeChannel> Channels { get; init; } = [ExchangeChannel.Trades];

    /// <summary>The interval of <see cref="ExchangeChannel.Klines"/>, as in <c>1m</c>, <c>4h</c>, <c>1d</c>.</summary>
    public string Interval { get; init; } = "1m";

    /// <summary>Levels of a book on each side that are kept up to date, 1 to 50 (the engine keeps 50).</summary>
    public int Depth { get; init; } = 25;

    /// <summary>Another WebSocket address than the exchange's.</summary>
    public Uri? Url { get; init; }

    /// <summary>Another address of the REST endpoints than the exchange's.</summary>
    public Uri? RestUrl { get; init; }

    /// <summary>Sources are named this, a colon and the channel; the exchange's name where nothing is said.</summary>
    public string? Source { get; init; }

    /// <summary>Key and secret, for an exchange that wants a login.</summary>
    public ExchangeLogin? Login { get; init; }

    /// <summary>What the list of instruments is for.</summary>
    public InstrumentUse Instruments { get; init; } = InstrumentUse.Advise;

    /// <summary>Nothing for so long, and the connection is given up; null: as long as the exchange may be silent.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>The age at which a connection is replaced, before the exchange cuts it; null: that of the exchange.</summary>
    public TimeSpan? Renew { get; init; }

    /// <summary>The least time between two requests to the REST endpoints; null: what the exchange allows.</summary>
    public TimeSpan? RequestEvery { get; init; }

    /// <summary>The wait before the first attempt to connect again; doubles with each, give or take a fifth.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest such wait.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long newer trades of a symbol are held while missing ones are looked for.</summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a missing trade may come by itself, out of order, before it is asked for.</summary>
    public TimeSpan ReorderPatience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many trades of a symbol are held at most while missing ones are looked for.</summary>
    public int MaxHeld { get; init; } = 10_000;

    /// <summary>The most missing trades of a symbol that are asked for; a larger gap stays one, and is told.</summary>
    public int MaxFill { get; init; } = 10_000;

    /// <summary>How many messages wait at most while the engine is slower than the exchange; further ones are dropped, and told.</summary>
    public int Buffer { get; init; } = 16_384;

    /// <summary>The largest message, in bytes.</summary>
    public int MaxMessage { get; init; } = 32 * 1024 * 1024;

    /// <summary>What is wrong with this; null where nothing is.</summary>
    public ExchangeProblem? Problem()
    {
        if (!ExchangeRegistry.Names.Contains(Exchange))
            return new ExchangeProblem("kind", $"'{Exchange}' is no exchange; exchanges are {string.Join(", ", ExchangeRegistry.Names)}");
        if (Channels.Count == 0) return new ExchangeProblem("channels", "there is none");
        if (Channels.Contains(ExchangeChannel.Trades) && Channels.Contains(ExchangeChannel.Klines))
            return new ExchangeProblem("channels", "trades and klines of a symbol count twice: read one of them");
        if (Depth is < 1 or > 50) return new ExchangeProblem("depth", $"'{Depth}' is no whole number from 1 to 50");
        if (Source is { } source && !Domain.Values.Source.TryParse($"{source}:klines:15m", out _))
            return new ExchangeProblem("source", $"'{source}' is no name of a source");
        return Symbols.FirstOrDefault(symbol => !IsSymbol(symbol)) is { } wrong
            ? new ExchangeProblem("symbols", $"'{wrong}' is no symbol of an exchange")
            : ExchangeRegistry.Create(this, TimeProvider.System).Problem();
    }

    private static bool IsSymbol(string text) => Spelling().IsMatch(text) && Symbol.TryParse(text, out _);

    [GeneratedRegex("^[A-Za-z0-9._/-]{1,32}$")]
    private static partial Regex Spelling();
}
