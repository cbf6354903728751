using System.Collections.ObjectModel;
using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>Limits and keep-alive rules of an exchange.</summary>
/// <param name="Silence">The connection is dead after this time without a message.</param>
/// <param name="Renew">Age at which a connection is replaced; null if the exchange does not close old connections.</param>
/// <param name="MessagesPerSecond">Maximum number of messages per second that a client may send.</param>
/// <param name="PingEvery">Interval of <see cref="IExchange.Ping"/>; null for never.</param>
/// <param name="RequestEvery">Minimum time between two requests to the REST endpoints.</param>
internal sealed record ExchangeLimits(
    TimeSpan Silence, TimeSpan? Renew, double MessagesPerSecond, TimeSpan? PingEvery, TimeSpan RequestEvery);

/// <summary>
/// Adapter of one exchange: its addresses, its messages, and which of them have numbers. Has no connection and no market state. Used by one
/// session; its methods are called one at a time, except the asynchronous requests.
/// </summary>
internal interface IExchange
{
    Uri Url { get; }

    Uri? RestUrl { get; }

    /// <summary>Headers of each request to the REST endpoints: the login.</summary>
    IReadOnlyDictionary<string, string> RestHeaders => ReadOnlyDictionary<string, string>.Empty;

    ExchangeLimits Limits { get; }

    /// <summary>The unit of numeric times; null if there are none.</summary>
    TimeUnit? TimeUnit { get; }

    /// <summary>Whether a book snapshot is requested by REST; otherwise it arrives with the subscription.</summary>
    bool HasBookRequests { get; }

    /// <summary>Number of book levels for which the exchange sends updates; null for all.</summary>
    int? BookDepth { get; }

    /// <summary>
    /// The difference of consecutive numbers of a channel; 0 if numbers can be left out, so that gaps cannot be detected.
    /// </summary>
    long StepOf(ExchangeChannel channel);

    /// <summary>Converts a symbol to the exchange's spelling.</summary>
    string Normalise(string symbol);

    /// <summary>The first error of the options for this exchange; null if there is none.</summary>
    ExchangeProblem? Problem();

    /// <summary>The login message; null if no login is needed.</summary>
    string? Login();

    /// <summary>Whether a message confirms the login.</summary>
    /// <exception cref="ExchangeException">The login was refused.</exception>
    bool IsLoggedIn(JsonElement message);

    IEnumerable<string> Subscribe(IReadOnlyList<string> symbols);

    IEnumerable<string> Unsubscribe(IReadOnlyList<string> symbols);

    /// <summary>The messages that request the book snapshot again; empty if it is requested by REST.</summary>
    IEnumerable<string> ResubscribeBook(string symbol);

    string? Ping();

    /// <summary>Parses a message into items. Unknown content is ignored.</summary>
    /// <exception cref="ExchangeException">The message does not have the documented form.</exception>
    void Read(JsonElement message, List<ExchangeItem> items);

    /// <summary>Whether missing items of that channel can be requested.</summary>
    bool CanFill(in FillRange range);

    /// <summary>Requests missing items.</summary>
    Task<FillPage> FillAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation);

    /// <summary>Requests a book snapshot.</summary>
    Task<BookItem> BookAsync(ExchangeRest rest, string symbol, CancellationToken cancellation);

    /// <summary>Requests the decimals of symbols; symbols that the exchange does not list are left out.</summary>
    Task<IReadOnlyList<InstrumentDecimals>> InstrumentsAsync(
        ExchangeRest rest, IReadOnlyList<string> symbols, CancellationToken cancellation);

    /// <summary>Requests the time of the exchange; null if it does not provide it.</summary>
    Task<DateTimeOffset?> TimeAsync(ExchangeRest rest, CancellationToken cancellation);
}
