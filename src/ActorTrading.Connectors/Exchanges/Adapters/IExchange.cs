using System.Collections.ObjectModel;
using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>What an exchange allows, and how it is kept alive.</summary>
/// <param name="Silence">Nothing for so long means that the connection is dead.</param>
/// <param name="Renew">The age at which a connection is replaced; null where the exchange does not cut it.</param>
/// <param name="MessagesPerSecond">How many messages a client may send.</param>
/// <param name="PingEvery">How often <see cref="IExchange.Ping"/> is sent; null for never.</param>
/// <param name="RequestEvery">The least time between two requests to the REST endpoints.</param>
internal sealed record ExchangeLimits(
    TimeSpan Silence, TimeSpan? Renew, double MessagesPerSecond, TimeSpan? PingEvery, TimeSpan RequestEvery);

/// <summary>
/// What is particular to one exchange: its addresses, its messages, and which of them carry numbers. It holds no connection
/// and no state of a market. Used by one session; its methods are called one at a time, except those that ask.
/// </summary>
internal interface IExchange
{
    Uri Url { get; }

    Uri? RestUrl { get; }

    /// <summary>What goes with each request to the REST endpoints: a login.</summary>
    IReadOnlyDictionary<string, string> RestHeaders => ReadOnlyDictionary<string, string>.Empty;

    ExchangeLimits Limits { get; }

    /// <summary>What numbers as times count; null where there are none.</summary>
    TimeUnit? TimeUnit { get; }

    /// <summary>Whether a snapshot of a book is asked for by REST; else it comes with the subscription.</summary>
    bool HasBookRequests { get; }

    /// <summary>How many levels of a book the exchange keeps a subscriber up to date about; null for all.</summary>
    int? BookDepth { get; }

    /// <summary>How far apart the numbers of a channel are; 0 where some are left out, so that gaps cannot be told.</summary>
    long StepOf(ExchangeChannel channel);

    /// <summary>A symbol as the exchange spells it.</summary>
    string Normalise(string symbol);

    /// <summary>What is wrong with the options for this exchange; null where nothing is.</summary>
    ExchangeProblem? Problem();

    /// <summary>What to send first; null where no login is needed.</summary>
    string? Login();

    /// <summary>Whether a message says that the login succeeded.</summary>
    /// <exception cref="ExchangeException">It was refused.</exception>
    bool IsLoggedIn(JsonElement message);

    IEnumerable<string> Subscribe(IReadOnlyList<string> symbols);

    IEnumerable<string> Unsubscribe(IReadOnlyList<string> symbols);

    /// <summary>What makes the exchange send the snapshot of a book once more; none where it is asked for.</summary>
    IEnumerable<string> SubscribeBookAgain(string symbol);

    string? Ping();

    /// <summary>What a message says. What is not known is passed over.</summary>
    /// <exception cref="ExchangeException">It is not of the documented form.</exception>
    void Read(JsonElement message, List<ExchangeItem> items);

    /// <summary>Whether missing items of that channel can be asked for.</summary>
    bool CanFill(in FillRange range);

    /// <summary>Asks for missing items.</summary>
    Task<FillPage> FillAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation);

    /// <summary>Asks for the snapshot of a book.</summary>
    Task<BookItem> BookAsync(ExchangeRest rest, string symbol, CancellationToken cancellation);

    /// <summary>Asks for the decimals of symbols; those that the exchange does not list are left out.</summary>
    Task<IReadOnlyList<InstrumentDecimals>> InstrumentsAsync(
        ExchangeRest rest, IReadOnlyList<string> symbols, CancellationToken cancellation);

    /// <summary>Asks for the time of the exchange; null where it does not tell it.</summary>
    Task<DateTimeOffset?> TimeAsync(ExchangeRest rest, CancellationToken cancellation);
}
