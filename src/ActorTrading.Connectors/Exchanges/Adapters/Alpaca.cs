using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>
/// Adapter of Alpaca's data feed: the free IEX feed for shares, or the feed for cryptocurrencies, depending on address and symbols. It
/// requires a login. Its trade numbers are those of the venues and do not increase within a symbol, so the connection numbers the trades.
/// Trades during a break of the connection are requested by time.
/// </summary>
internal sealed class Alpaca(ExchangeOptions options) : IExchange
{
    private const int PageLength = 10_000;

    private bool IsCrypto =>
        options.Url?.AbsolutePath.Contains("crypto", StringComparison.Ordinal) ?? options.Symbols.Any(symbol => symbol.Contains('/'));

    public Uri Url =>
        options.Url ?? new Uri(IsCrypto ? "wss://stream.data.alpaca.markets/v1beta3/crypto/us" : "wss://stream.data.alpaca.markets/v2/iex");

    public Uri? RestUrl => options.RestUrl ?? new Uri("https://data.alpaca.markets");

    public IReadOnlyDictionary<string, string> RestHeaders => new Dictionary<string, string>
    {
        ["APCA-API-KEY-ID"] = options.Login?.Key ?? "", ["APCA-API-SECRET-KEY"] = options.Login?.Secret ?? "",
    };

    // No message arrives outside of trading hours: pings of the WebSocket protocol check the connection.
    public ExchangeLimits Limits { get; } = new(
        Silence: Timeout.InfiniteTimeSpan, Renew: null, MessagesPerSecond: 4, PingEvery: null, RequestEvery: TimeSpan.FromSeconds(1));

    public TimeUnit? TimeUnit => null;

    public bool HasBookRequests => false;

    public int? BookDepth => null;

    public long StepOf(ExchangeChannel channel) => 0;

    public string Normalise(string symbol) => symbol.ToUpperInvariant();

    public ExchangeProblem? Problem()
    {
        if (options.Login is null)
            return new ExchangeProblem("key_file", "alpaca needs a login: key and secret, each from a file or an environment variable");
        if (options.Channels.Contains(ExchangeChannel.Books) && !IsCrypto)
            return new ExchangeProblem("channels", "alpaca has order books only for cryptocurrencies");
        if (options.Channels.Contains(ExchangeChannel.Klines) && options.Interval != "1m")
            return new ExchangeProblem("interval", "alpaca has only klines of 1m");
        return options.Url is null && options.Symbols.Any(symbol => symbol.Contains('/'))
            && !options.Symbols.All(symbol => symbol.Contains('/'))
            ? new ExchangeProblem("symbols", "alpaca has separate feeds for shares and cryptocurrencies: use two connectors")
            : null;
    }

    public string? Login() => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["action"] = "auth", ["key"] = options.Login?.Key ?? "", ["secret"] = options.Login?.Secret ?? "",
    });

    public bool IsLoggedIn(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Array) return false;
        foreach (var one in message.EnumerateArray())
        {
            var type = ExchangeJson.TextOrNull(one, "T");
            if (type == "error")
                throw new ExchangeException(
                    ErrorOf(one) == ExchangeError.LoginRefused ? ExchangeError.LoginRefused : ExchangeError.Refused, TextOf(one));
            if (type == "success" && ExchangeJson.TextOrNull(one, "msg") == "authenticated") return true;
        }

        return false;
    }

    public IEnumerable<string> Subscribe(IReadOnlyList<string> symbols) => [Message("subscribe", symbols, options.Channels)];

    public IEnumerable<string> Unsubscribe(IReadOnlyList<string> symbols) => [Message("unsubscribe", symbols, options.Channels)];

    public IEnumerable<string> ResubscribeBook(string symbol) =>
        [Message("unsubscribe", [symbol], [ExchangeChannel.Books]), Message("subscribe", [symbol], [ExchangeChannel.Books])];

    public string? Ping() => null;

    public void Read(JsonElement message, List<ExchangeItem> items)
    {
        if (message.ValueKind != JsonValueKind.Array) throw new ExchangeException(ExchangeError.Malformed, "the message is not an array");
        foreach (var one in message.EnumerateArray()) items.Add(ReadOne(one));
    }

    public bool CanFill(in FillRange range) => range.Channel == ExchangeChannel.Trades;

    /// <summary>Requests trades of the same feed, both ends of the time included; pages are linked by a token.</summary>
    public async Task<FillPage> FillAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation)
    {
        var feed = Url.Segments[^1];
        var path = IsCrypto ? $"v1beta3/crypto/{feed}/trades?" : $"v2/stocks/trades?feed={Uri.EscapeDataString(feed)}&";
        path += $"symbols={Uri.EscapeDataString(range.Symbol)}&start={TimeOf(range.From)}&end={TimeOf(range.To + 1_000)}"
            + $"&limit={PageLength}&sort=asc";
        var items = new List<TimedItem>();
        for (var page = "";;)
        {
            using var answer = await rest.GetAsync(path + page, cancellation).ConfigureAwait(false);
            foreach (var symbol in answer.RootElement.GetProperty("trades").EnumerateObject())
            {
                foreach (var trade in symbol.Value.EnumerateArray())
                    items.Add(
                        Trade(range.Symbol, trade, ExchangeJson.RawWith(trade, $"\"T\":\"t\",\"S\":{ExchangeJson.Quoted(range.Symbol)}")));
            }

            if (items.Count > options.MaxFill) return new FillPage([], range.To) { IsTooMuch = true };
            if (ExchangeJson.TextOrNull(answer.RootElement, "next_page_token") is not { } next)
                return new FillPage([], range.To) { Timed = [.. items.Where(item => item.Nanoseconds <= range.To)] };
            page = $"&page_token={Uri.EscapeDataString(next)}";
        }
    }

    public Task<BookItem> BookAsync(ExchangeRest rest, string symbol, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyList<InstrumentDecimals>> InstrumentsAsync(
        ExchangeRest rest, IReadOnlyList<string> symbols, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<InstrumentDecimals>>([]);

    public Task<DateTimeOffset?> TimeAsync(ExchangeRest rest, CancellationToken cancellation) => Task.FromResult<DateTimeOffset?>(null);

    /// <summary>401 not authenticated, 402 auth failed, 409 insufficient subscription; other errors may be temporary.</summary>
    private static ExchangeError ErrorOf(JsonElement message) =>
        ExchangeJson.TextOrNull(message, "code") is "401" or "402" or "409" ? ExchangeError.LoginRefused : ExchangeError.Refused;

    private string TextOf(JsonElement message)
    {
        var text = $"{ExchangeJson.TextOrNull(message, "code")}: {ExchangeJson.TextOrNull(message, "msg")}";
        return options.Login?.Without(text) ?? text;
    }

    /// <summary>The trade number is that of the venue; cryptocurrencies have no venue.</summary>
    private static TimedItem Trade(string symbol, JsonElement trade, byte[] json) => new(
        ExchangeChannel.Trades, symbol, ExchangeJson.Nanoseconds(ExchangeJson.Text(trade, "t")),
        $"{ExchangeJson.TextOrNull(trade, "x")}:{ExchangeJson.Text(trade, "i")}", json);

    /// <summary>A time with six decimals, rounded down.</summary>
    private static string TimeOf(long nanoseconds) =>
        Uri.EscapeDataString(ExchangeJson.Moment(DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100)).Trim('"'));

    private ExchangeItem ReadOne(JsonElement one) => ExchangeJson.Text(one, "T") switch
    {
        "t" => Trade(ExchangeJson.Text(one, "S"), one, ExchangeJson.Raw(one)),
        "q" => new CountedItem(ExchangeChannel.Quotes, ExchangeJson.Text(one, "S"), ExchangeJson.Raw(one)),
        "b" => new NumberedItem(
            ExchangeChannel.Klines, ExchangeJson.Text(one, "S"), ExchangeJson.Nanoseconds(ExchangeJson.Text(one, "t")) / 1_000_000,
            ExchangeJson.Raw(one)),
        "o" => new BookItem(
            ExchangeJson.Text(one, "S"), one.TryGetProperty("r", out var reset) && reset.ValueKind == JsonValueKind.True,
            ExchangeJson.Quoted(ExchangeJson.Text(one, "t")), ExchangeJson.Levels(one, "b", "p", "s"),
            ExchangeJson.Levels(one, "a", "p", "s")),
        "error" => new FaultItem(ErrorOf(one), TextOf(one)),
        _ => NoticeItem.Instance,
    };

    private static string Message(string action, IReadOnlyList<string> symbols, IReadOnlyList<ExchangeChannel> channels)
    {
        var names = ExchangeJson.Array(symbols);
        return $"{{\"action\":\"{action}\",{string.Join(',', channels.Select(channel => $"\"{NameOf(channel)}\":{names}"))}}}";
    }

    private static string NameOf(ExchangeChannel channel) => channel switch
    {
        ExchangeChannel.Trades => "trades",
        ExchangeChannel.Quotes => "quotes",
        ExchangeChannel.Books => "orderbooks",
        _ => "bars",
    };
}
