using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>
/// Adapter of Coinbase Exchange (not Advanced Trade). The feed needs no login; the REST endpoints return trades by number. Trade numbers
/// increase by one within a product. The feed has no candles.
/// </summary>
internal sealed class Coinbase(ExchangeOptions options) : IExchange
{
    private const int PageLength = 1000;

    public Uri Url => options.Url ?? new Uri("wss://ws-feed.exchange.coinbase.com");

    public Uri? RestUrl => options.RestUrl ?? new Uri("https://api.exchange.coinbase.com");

    // One heartbeat per second and product; eight messages a second are allowed.
    public ExchangeLimits Limits { get; } = new(
        Silence: TimeSpan.FromSeconds(10), Renew: null, MessagesPerSecond: 4, PingEvery: null,
        RequestEvery: TimeSpan.FromMilliseconds(150));

    public TimeUnit? TimeUnit => null;

    public bool HasBookRequests => false;

    public int? BookDepth => null;

    public long StepOf(ExchangeChannel channel) => channel == ExchangeChannel.Trades ? 1 : 0;

    public string Normalise(string symbol) => symbol.ToUpperInvariant();

    public ExchangeProblem? Problem() =>
        options.Channels.Contains(ExchangeChannel.Klines) ? new ExchangeProblem("channels", "coinbase has no klines in its feed") : null;

    public string? Login() => null;

    public bool IsLoggedIn(JsonElement message) => true;

    public IEnumerable<string> Subscribe(IReadOnlyList<string> symbols) => [Message("subscribe", symbols, Names())];

    public IEnumerable<string> Unsubscribe(IReadOnlyList<string> symbols) => [Message("unsubscribe", symbols, Names())];

    public IEnumerable<string> ResubscribeBook(string symbol) =>
        [Message("unsubscribe", [symbol], ["level2_batch"]), Message("subscribe", [symbol], ["level2_batch"])];

    public string? Ping() => null;

    public void Read(JsonElement message, List<ExchangeItem> items)
    {
        switch (ExchangeJson.Text(message, "type"))
        {
            case "match" or "last_match":
                items.Add(new NumberedItem(
                    ExchangeChannel.Trades, ExchangeJson.Text(message, "product_id"), ExchangeJson.Whole(message, "trade_id"),
                    ExchangeJson.Raw(message)));
                break;
            case "ticker":
                items.Add(new CountedItem(ExchangeChannel.Quotes, ExchangeJson.Text(message, "product_id"), Quote(message)));
                break;
            case "snapshot":
                items.Add(new BookItem(
                    ExchangeJson.Text(message, "product_id"), true, TimeOf(message), ExchangeJson.Levels(message, "bids"),
                    ExchangeJson.Levels(message, "asks")));
                break;
            case "l2update":
                items.Add(Changes(message));
                break;
            case "heartbeat":
                var newest = ExchangeJson.TextOrNull(message, "last_trade_id");
                if (long.TryParse(newest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && options.Channels.Contains(ExchangeChannel.Trades))
                    items.Add(new NewestItem(ExchangeJson.Text(message, "product_id"), number));
                else items.Add(NoticeItem.Instance);
                break;
            case "subscriptions":
                items.Add(NoticeItem.Instance);
                break;
            case "error":
                items.Add(new FaultItem(
                    ExchangeError.Refused, $"{ExchangeJson.TextOrNull(message, "message")}: {ExchangeJson.TextOrNull(message, "reason")}"));
                break;
        }
    }

    public bool CanFill(in FillRange range) => range.Channel == ExchangeChannel.Trades;

    /// <summary>
    /// Pages go from the newest to the oldest. The first page ends one item after the gap, which shows that the gap is covered.
    /// </summary>
    public async Task<FillPage> FillAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation)
    {
        var items = new List<NumberedItem>();
        var covered = range.From - 1;
        var before = range.To + 2;
        while (true)
        {
            using var answer = await rest.GetAsync(
                FormattableString.Invariant($"products/{range.Symbol}/trades?limit={PageLength}&after={before}"), cancellation)
                .ConfigureAwait(false);
            var oldest = long.MaxValue;
            foreach (var trade in answer.RootElement.EnumerateArray())
            {
                var number = ExchangeJson.Whole(trade, "trade_id");
                (oldest, covered) = (Math.Min(oldest, number), Math.Max(covered, number));
                if (number < range.From || number > range.To) continue;
                var members = $"\"product_id\":{ExchangeJson.Quoted(range.Symbol)}";
                items.Add(new NumberedItem(ExchangeChannel.Trades, range.Symbol, number, ExchangeJson.RawWith(trade, members)));
            }

            if (oldest <= range.From || oldest >= before) return new FillPage(items, covered);
            before = oldest;
        }
    }

    public Task<BookItem> BookAsync(ExchangeRest rest, string symbol, CancellationToken cancellation) => throw new NotSupportedException();

    public async Task<IReadOnlyList<InstrumentDecimals>> InstrumentsAsync(
        ExchangeRest rest, IReadOnlyList<string> symbols, CancellationToken cancellation)
    {
        using var answer = await rest.GetAsync("products", cancellation).ConfigureAwait(false);
        var wanted = symbols.ToHashSet(StringComparer.Ordinal);
        return [.. answer.RootElement.EnumerateArray().Where(product => wanted.Contains(ExchangeJson.Text(product, "id"))).Select(product =>
            new InstrumentDecimals(
                ExchangeJson.Text(product, "id"),
                ExchangeJson.Decimals(ExchangeJson.Text(product, "quote_increment")),
                ExchangeJson.Decimals(ExchangeJson.Text(product, "base_increment"))))];
    }

    public async Task<DateTimeOffset?> TimeAsync(ExchangeRest rest, CancellationToken cancellation)
    {
        using var answer = await rest.GetAsync("time", cancellation).ConfigureAwait(false);
        return DateTimeOffset.Parse(ExchangeJson.Text(answer.RootElement, "iso"), CultureInfo.InvariantCulture);
    }

    private static string TimeOf(JsonElement message) =>
        ExchangeJson.TextOrNull(message, "time") is { } time ? ExchangeJson.Quoted(time) : "";

    private static string Message(string type, IReadOnlyList<string> symbols, IEnumerable<string> channels) =>
        $"{{\"type\":\"{type}\",\"product_ids\":{ExchangeJson.Array(symbols)},\"channels\":{ExchangeJson.Array(channels)}}}";

    /// <summary>Converts a ticker to a quote: a ticker contains a trade and the best prices after it.</summary>
    private static byte[] Quote(JsonElement ticker)
    {
        var text = new StringBuilder("{\"kind\":\"quote\"");
        foreach (var (name, from) in (ReadOnlySpan<(string, string)>)
            [("symbol", "product_id"), ("ts", "time"), ("bid", "best_bid"), ("bid_size", "best_bid_size"), ("ask", "best_ask"),
                ("ask_size", "best_ask_size")])
        {
            if (ticker.TryGetProperty(from, out var value)) text.Append(",\"").Append(name).Append("\":").Append(value.GetRawText());
        }

        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }

    private static BookItem Changes(JsonElement message)
    {
        List<Level> bids = [], asks = [];
        foreach (var change in ExchangeJson.Items(message, "changes"))
        {
            var (price, size) = change.GetArrayLength() >= 3 ? (ExchangeJson.TextOf(change[1]), ExchangeJson.TextOf(change[2])) : default;
            if (!ExchangeJson.IsNumber(price) || !ExchangeJson.IsNumber(size))
                throw new ExchangeException(ExchangeError.Malformed, "a change of a book without price and size");
            (change[0].GetString() == "buy" ? bids : asks).Add(new Level(price!, size!));
        }

        return new BookItem(ExchangeJson.Text(message, "product_id"), false, TimeOf(message), bids, asks);
    }

    private IEnumerable<string> Names() => options.Channels.Select(channel => channel switch
    {
        ExchangeChannel.Trades => "matches",
        ExchangeChannel.Quotes => "ticker",
        _ => "level2_batch",
    }).Append("heartbeat");
}
