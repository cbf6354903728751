using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>Adapter of Kraken's spot market, version 2 of the feed. Trade numbers increase by one within a symbol.</summary>
internal sealed class Kraken(ExchangeOptions options, TimeProvider time) : IExchange
{
    private static readonly (string Interval, int Minutes)[] Intervals =
        [("1m", 1), ("5m", 5), ("15m", 15), ("30m", 30), ("1h", 60), ("4h", 240), ("1d", 1440), ("1w", 10080)];

    private static readonly int[] Depths = [10, 25, 100];

    private readonly Dictionary<string, NumberedItem> running = new(StringComparer.Ordinal); // incomplete candle by symbol
    private long request;

    public Uri Url => options.Url ?? new Uri("wss://ws.kraken.com/v2");

    public Uri? RestUrl => options.RestUrl ?? new Uri("https://api.kraken.com");

    // One heartbeat per second if there is no other message. Public requests: about one per second.
    public ExchangeLimits Limits { get; } = new(
        Silence: TimeSpan.FromSeconds(15), Renew: null, MessagesPerSecond: 5, PingEvery: TimeSpan.FromSeconds(30),
        RequestEvery: TimeSpan.FromSeconds(1));

    public TimeUnit? TimeUnit => null;

    public bool HasBookRequests => false;

    public int? BookDepth => Depth;

    private int Minutes => Intervals.FirstOrDefault(one => one.Interval == options.Interval).Minutes;

    private int Depth => Depths.First(depth => depth >= options.Depth);

    public long StepOf(ExchangeChannel channel) => channel == ExchangeChannel.Trades ? 1 : 0;

    public string Normalise(string symbol) => symbol;

    public ExchangeProblem? Problem() => options.Channels.Contains(ExchangeChannel.Klines) && Minutes == 0
        ? new ExchangeProblem(
            "interval",
            $"'{options.Interval}' is not an interval of kraken; intervals are {string.Join(", ", Intervals.Select(one => one.Interval))}")
        : null;

    public string? Login() => null;

    public bool IsLoggedIn(JsonElement message) => true;

    public IEnumerable<string> Subscribe(IReadOnlyList<string> symbols) =>
        options.Channels.Select(channel => Message("subscribe", channel, symbols));

    public IEnumerable<string> Unsubscribe(IReadOnlyList<string> symbols) =>
        options.Channels.Select(channel => Message("unsubscribe", channel, symbols));

    public IEnumerable<string> ResubscribeBook(string symbol) =>
        [Message("unsubscribe", ExchangeChannel.Books, [symbol]), Message("subscribe", ExchangeChannel.Books, [symbol])];

    public string? Ping() => $"{{\"method\":\"ping\",\"req_id\":{++request}}}";

    public void Read(JsonElement message, List<ExchangeItem> items)
    {
        if (message.TryGetProperty("method", out _))
        {
            var isRefused = message.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.False;
            items.Add(
                isRefused
                    ? new FaultItem(ExchangeError.Refused, ExchangeJson.TextOrNull(message, "error") ?? "no reason")
                    : NoticeItem.Instance);
            return;
        }

        switch (ExchangeJson.Text(message, "channel"))
        {
            case "trade":
                var trades = ExchangeJson.Items(message, "data")
                    .Select(trade => Numbered(ExchangeChannel.Trades, trade, ExchangeJson.Whole(trade, "trade_id"), "timestamp"));
                items.AddRange(trades.OrderBy(trade => trade.Number));
                break;
            case "ticker":
                items.AddRange(ExchangeJson.Items(message, "data").Select(Quote));
                break;
            case "book":
                var isSnapshot = ExchangeJson.Text(message, "type") == "snapshot";
                items.AddRange(ExchangeJson.Items(message, "data").Select(book => Book(book, isSnapshot)));
                break;
            case "ohlc":
                foreach (var candle in ExchangeJson.Items(message, "data")
                    .OrderBy(candle => ExchangeJson.Text(candle, "interval_begin"), StringComparer.Ordinal))
                    ReadCandle(candle, items);
                break;
            case "heartbeat" or "status":
                items.Add(NoticeItem.Instance);
                break;
        }
    }

    public bool CanFill(in FillRange range) => range.Channel == ExchangeChannel.Trades && range.After > 0;

    /// <summary>Requests trades by time; the response contains their numbers.</summary>
    public async Task<FillPage> FillAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation)
    {
        var items = new List<NumberedItem>();
        var covered = range.From - 1;
        var since = (range.After - 1).ToString(CultureInfo.InvariantCulture);
        while (true)
        {
            using var answer = await rest.GetAsync($"0/public/Trades?pair={PairOf(range.Symbol)}&since={since}&count=1000", cancellation)
                .ConfigureAwait(false);
            var result = ResultOf(answer.RootElement);
            var before = covered;
            foreach (var member in result.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array))
            {
                foreach (var row in member.Value.EnumerateArray())
                {
                    var number = row[6].GetInt64();
                    covered = Math.Max(covered, number);
                    if (number >= range.From && number <= range.To) items.Add(TradeOf(range.Symbol, number, row));
                }
            }

            var last = ExchangeJson.Text(result, "last");
            if (covered >= range.To || covered == before || last == since) return new FillPage(items, covered);
            since = last;
        }
    }

    public Task<BookItem> BookAsync(ExchangeRest rest, string symbol, CancellationToken cancellation) => throw new NotSupportedException();

    public async Task<IReadOnlyList<InstrumentDecimals>> InstrumentsAsync(
        ExchangeRest rest, IReadOnlyList<string> symbols, CancellationToken cancellation)
    {
        var byPair = symbols.ToDictionary(PairOf, StringComparer.Ordinal);
        using var answer = await rest.GetAsync($"0/public/AssetPairs?pair={string.Join(',', byPair.Keys)}", cancellation)
            .ConfigureAwait(false);
        return [.. ResultOf(answer.RootElement).EnumerateObject()
            .Where(pair => byPair.ContainsKey(ExchangeJson.Text(pair.Value, "altname")))
            .Select(pair => new InstrumentDecimals(
                byPair[ExchangeJson.Text(pair.Value, "altname")],
                (int)ExchangeJson.Whole(pair.Value, "pair_decimals"), (int)ExchangeJson.Whole(pair.Value, "lot_decimals")))];
    }

    public async Task<DateTimeOffset?> TimeAsync(ExchangeRest rest, CancellationToken cancellation)
    {
        using var answer = await rest.GetAsync("0/public/Time", cancellation).ConfigureAwait(false);
        return DateTimeOffset.FromUnixTimeSeconds(ExchangeJson.Whole(ResultOf(answer.RootElement), "unixtime"));
    }

    /// <summary>The name of a pair at the REST endpoints, which use XBT for bitcoin and XDG for dogecoin.</summary>
    private static string PairOf(string symbol) => string.Concat(symbol.Split('/').Select(asset => asset switch
    {
        "BTC" => "XBT",
        "DOGE" => "XDG",
        _ => asset,
    }));

    private static JsonElement ResultOf(JsonElement answer)
    {
        foreach (var error in ExchangeJson.Items(answer, "error"))
            throw new ExchangeException(ExchangeError.RequestFailed, ExchangeJson.TextOf(error) ?? "");
        return answer.GetProperty("result");
    }

    private static NumberedItem Numbered(ExchangeChannel channel, JsonElement item, long number, string timeName) =>
        new(channel, ExchangeJson.Text(item, "symbol"), number, ExchangeJson.Raw(item))
        {
            Nanoseconds = ExchangeJson.Nanoseconds(ExchangeJson.TextOrNull(item, timeName)),
        };

    /// <summary>Converts a trade of the REST endpoint to the form of the feed, whose times have six decimals.</summary>
    private static NumberedItem TradeOf(string symbol, long number, JsonElement row)
    {
        var seconds = decimal.Parse(row[2].GetRawText().Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture);
        var at = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * 1_000_000m) * 10);
        var side = row[3].GetString() == "b" ? "buy" : "sell";
        var json = $"{{\"symbol\":{ExchangeJson.Quoted(symbol)},\"side\":\"{side}\","
            + $"\"price\":{row[0].GetRawText()},\"qty\":{row[1].GetRawText()},"
            + FormattableString.Invariant($"\"trade_id\":{number},\"timestamp\":{ExchangeJson.Moment(at)}}}");
        return new NumberedItem(ExchangeChannel.Trades, symbol, number, Encoding.UTF8.GetBytes(json))
            { Nanoseconds = (at - DateTimeOffset.UnixEpoch).Ticks * 100 };
    }

    private static BookItem Book(JsonElement book, bool isSnapshot) => new(
        ExchangeJson.Text(book, "symbol"), isSnapshot, ExchangeJson.TextOrNull(book, "timestamp") is { } at ? ExchangeJson.Quoted(at) : "",
        ExchangeJson.Levels(book, "bids", "price", "qty"), ExchangeJson.Levels(book, "asks", "price", "qty"))
    {
        Checksum = book.TryGetProperty("checksum", out _) ? (uint)ExchangeJson.Whole(book, "checksum") : null,
    };

    private CountedItem Quote(JsonElement ticker) => new(
        ExchangeChannel.Quotes, ExchangeJson.Text(ticker, "symbol"),
        ExchangeJson.TextOrNull(ticker, "timestamp") is not null
            ? ExchangeJson.Raw(ticker)
            : ExchangeJson.RawWith(ticker, $"\"timestamp\":{ExchangeJson.Moment(time.GetUtcNow())}"));

    /// <summary>Candles are sent while they change; a candle is complete when a later one arrives.</summary>
    private void ReadCandle(JsonElement candle, List<ExchangeItem> items)
    {
        var symbol = ExchangeJson.Text(candle, "symbol");
        var start = ExchangeJson.Nanoseconds(ExchangeJson.Text(candle, "interval_begin")) / 1_000_000;
        if (running.TryGetValue(symbol, out var before) && before.Number > start) return;
        items.Add(before is not null && before.Number < start ? before : NoticeItem.Instance);
        var text = new StringBuilder("{\"kind\":\"bar\",\"frame\":").Append(ExchangeJson.Quoted(options.Interval));
        foreach (var (name, from) in (ReadOnlySpan<(string, string)>)
            [("symbol", "symbol"), ("ts", "interval_begin"), ("open", "open"), ("high", "high"), ("low", "low"), ("close", "close"),
                ("volume", "volume")])
        {
            if (candle.TryGetProperty(from, out var value)) text.Append(",\"").Append(name).Append("\":").Append(value.GetRawText());
        }

        running[symbol] = new NumberedItem(ExchangeChannel.Klines, symbol, start, Encoding.UTF8.GetBytes(text.Append('}').ToString()));
    }

    private string Message(string method, ExchangeChannel channel, IReadOnlyList<string> symbols)
    {
        var isSubscribing = method == "subscribe";
        var particulars = channel switch
        {
            ExchangeChannel.Trades => "\"channel\":\"trade\"" + (isSubscribing ? ",\"snapshot\":false" : ""),
            ExchangeChannel.Quotes => "\"channel\":\"ticker\",\"event_trigger\":\"bbo\"",
            ExchangeChannel.Books => FormattableString.Invariant($"\"channel\":\"book\",\"depth\":{Depth}"),
            _ => FormattableString.Invariant($"\"channel\":\"ohlc\",\"interval\":{Minutes}"),
        };
        return $"{{\"method\":\"{method}\",\"params\":{{{particulars},\"symbol\":{ExchangeJson.Array(symbols)}}},\"req_id\":{++request}}}";
    }
}
