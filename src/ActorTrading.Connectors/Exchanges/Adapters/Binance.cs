using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Exchanges.Adapters;

/// <summary>Adapter of Binance's spot market: combined streams of API version 3. Trade numbers increase by one within a symbol.</summary>
internal sealed class Binance(ExchangeOptions options, TimeProvider time) : IExchange
{
    private const int MostStreams = 1024;
    private const int StreamsPerMessage = 200;
    private const int PageLength = 1000;

    private long request;

    public Uri Url => options.Url ?? new Uri("wss://stream.binance.com:9443/stream");

    public Uri? RestUrl => options.RestUrl ?? new Uri("https://api.binance.com");

    // Five messages a second are allowed, pongs included. Without trades no message arrives, so the list of streams is requested as a ping.
    public ExchangeLimits Limits { get; } = new(
        Silence: TimeSpan.FromSeconds(75), Renew: TimeSpan.FromHours(23.5), MessagesPerSecond: 4, PingEvery: TimeSpan.FromSeconds(30),
        RequestEvery: TimeSpan.FromMilliseconds(300));

    public TimeUnit? TimeUnit => Wire.Text.TimeUnit.Milliseconds;

    public bool HasBookRequests => true;

    public int? BookDepth => null;

    private long Step => IntervalMilliseconds(options.Interval);

    public long StepOf(ExchangeChannel channel) => channel switch
    {
        ExchangeChannel.Trades => 1,
        ExchangeChannel.Klines => Step,
        _ => 0,
    };

    public string Normalise(string symbol) => symbol.ToUpperInvariant();

    public ExchangeProblem? Problem()
    {
        if (options.Symbols.Count * options.Channels.Count > MostStreams)
            return new ExchangeProblem("symbols", $"a connection to binance has at most {MostStreams} streams; use several connectors");
        return options.Channels.Contains(ExchangeChannel.Klines) && !Intervals.Contains(options.Interval)
            ? new ExchangeProblem(
                "interval", $"'{options.Interval}' is not an interval of binance; intervals are {string.Join(", ", Intervals)}")
            : null;
    }

    public string? Login() => null;

    public bool IsLoggedIn(JsonElement message) => true;

    public IEnumerable<string> Subscribe(IReadOnlyList<string> symbols) => Messages("SUBSCRIBE", symbols.SelectMany(StreamsOf));

    public IEnumerable<string> Unsubscribe(IReadOnlyList<string> symbols) => Messages("UNSUBSCRIBE", symbols.SelectMany(StreamsOf));

    public IEnumerable<string> ResubscribeBook(string symbol) => [];

    public string? Ping() => $"{{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":{++request}}}";

    public void Read(JsonElement message, List<ExchangeItem> items)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new ExchangeException(ExchangeError.Malformed, "the message is not an object");
        if (message.TryGetProperty("stream", out _) && message.TryGetProperty("data", out var data)) ReadEvent(data, items);
        else if (message.TryGetProperty("error", out var error)) items.Add(Fault(error));
        else if (message.TryGetProperty("code", out _) && message.TryGetProperty("msg", out _)) items.Add(Fault(message));
        else if (message.TryGetProperty("result", out _)) items.Add(NoticeItem.Instance);
        else ReadEvent(message, items);
    }

    public bool CanFill(in FillRange range) => range.Channel is ExchangeChannel.Trades or ExchangeChannel.Klines;

    public Task<FillPage> FillAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation) =>
        range.Channel == ExchangeChannel.Klines ? FillKlinesAsync(rest, range, cancellation) : FillTradesAsync(rest, range, cancellation);

    public async Task<BookItem> BookAsync(ExchangeRest rest, string symbol, CancellationToken cancellation)
    {
        using var answer = await rest.GetAsync($"api/v3/depth?symbol={symbol}&limit=1000", cancellation).ConfigureAwait(false);
        var book = answer.RootElement;
        var last = ExchangeJson.Whole(book, "lastUpdateId");
        return new BookItem(symbol, true, "", ExchangeJson.Levels(book, "bids"), ExchangeJson.Levels(book, "asks"))
            { First = last, Last = last };
    }

    public async Task<IReadOnlyList<InstrumentDecimals>> InstrumentsAsync(
        ExchangeRest rest, IReadOnlyList<string> symbols, CancellationToken cancellation)
    {
        var names = Uri.EscapeDataString(ExchangeJson.Array(symbols));
        using var answer = await rest.GetAsync($"api/v3/exchangeInfo?symbols={names}", cancellation).ConfigureAwait(false);
        return [.. ExchangeJson.Items(answer.RootElement, "symbols").Select(symbol => new InstrumentDecimals(
            ExchangeJson.Text(symbol, "symbol"), Decimals(symbol, "PRICE_FILTER", "tickSize"), Decimals(symbol, "LOT_SIZE", "stepSize")))];
    }

    public async Task<DateTimeOffset?> TimeAsync(ExchangeRest rest, CancellationToken cancellation)
    {
        using var answer = await rest.GetAsync("api/v3/time", cancellation).ConfigureAwait(false);
        return DateTimeOffset.FromUnixTimeMilliseconds(ExchangeJson.Whole(answer.RootElement, "serverTime"));
    }

    private static readonly string[] Intervals =
        ["1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"];

    /// <summary>The length of an interval; 0 for months, whose length varies.</summary>
    private static long IntervalMilliseconds(string interval)
    {
        var number = interval.AsSpan(0, Math.Max(0, interval.Length - 1));
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return 0;
        return interval[^1] switch
        {
            's' => count * 1_000L,
            'm' => count * 60_000L,
            'h' => count * 3_600_000L,
            'd' => count * 86_400_000L,
            'w' => count * 604_800_000L,
            _ => 0,
        };
    }

    private static FaultItem Fault(JsonElement error) =>
        new(ExchangeError.Refused, $"{ExchangeJson.TextOrNull(error, "code")}: {ExchangeJson.TextOrNull(error, "msg")}");

    private static int Decimals(JsonElement symbol, string filter, string name)
    {
        foreach (var one in ExchangeJson.Items(symbol, "filters"))
        {
            if (ExchangeJson.TextOrNull(one, "filterType") == filter) return ExchangeJson.Decimals(ExchangeJson.Text(one, name));
        }

        throw new ExchangeException(ExchangeError.Malformed, $"an instrument without {filter}");
    }

    private void ReadEvent(JsonElement data, List<ExchangeItem> items)
    {
        switch (ExchangeJson.TextOrNull(data, "e"))
        {
            case "trade":
                items.Add(new NumberedItem(
                    ExchangeChannel.Trades, ExchangeJson.Text(data, "s"), ExchangeJson.Whole(data, "t"), ExchangeJson.Raw(data)));
                break;
            case "kline" when data.TryGetProperty("k", out var candle):
                var isComplete = candle.TryGetProperty("x", out var final) && final.ValueKind == JsonValueKind.True;
                if (!isComplete) items.Add(NoticeItem.Instance);
                else items.Add(new NumberedItem(
                    ExchangeChannel.Klines, ExchangeJson.Text(data, "s"), ExchangeJson.Whole(candle, "t"), ExchangeJson.Raw(data)));
                break;
            case "depthUpdate":
                items.Add(new BookItem(
                    ExchangeJson.Text(data, "s"), false, ExchangeJson.Text(data, "E"), ExchangeJson.Levels(data, "b"),
                    ExchangeJson.Levels(data, "a"))
                {
                    First = ExchangeJson.Whole(data, "U"), Last = ExchangeJson.Whole(data, "u"),
                });
                break;
            case "serverShutdown":
                items.Add(new ClosingItem());
                break;
            case null when data.TryGetProperty("u", out _) && data.TryGetProperty("b", out _):
                // Best prices have no time: the time of arrival is used.
                var now = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
                items.Add(
                    new CountedItem(ExchangeChannel.Quotes, ExchangeJson.Text(data, "s"), ExchangeJson.RawWith(data, $"\"E\":{now}")));
                break;
        }
    }

    private IEnumerable<string> StreamsOf(string symbol)
    {
        var name = symbol.ToLowerInvariant();
        return options.Channels.Select(channel => channel switch
        {
            ExchangeChannel.Trades => $"{name}@trade",
            ExchangeChannel.Quotes => $"{name}@bookTicker",
            ExchangeChannel.Books => $"{name}@depth@100ms",
            _ => $"{name}@kline_{options.Interval}",
        });
    }

    private IEnumerable<string> Messages(string method, IEnumerable<string> streams) =>
        streams.Chunk(StreamsPerMessage)
            .Select(some => $"{{\"method\":\"{method}\",\"params\":{ExchangeJson.Array(some)},\"id\":{++request}}}");

    private static async Task<FillPage> FillTradesAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation)
    {
        using var answer = await rest.GetAsync(
            FormattableString.Invariant($"api/v3/historicalTrades?symbol={range.Symbol}&fromId={range.From}&limit={PageLength}"),
            cancellation).ConfigureAwait(false);
        var items = new List<NumberedItem>();
        var covered = range.From - 1;
        foreach (var trade in answer.RootElement.EnumerateArray())
        {
            var number = ExchangeJson.Whole(trade, "id");
            covered = Math.Max(covered, number);
            if (number < range.From || number > range.To) continue;
            items.Add(new NumberedItem(
                ExchangeChannel.Trades, range.Symbol, number,
                ExchangeJson.RawWith(trade, $"\"symbol\":{ExchangeJson.Quoted(range.Symbol)}")));
        }

        return new FillPage(items, covered);
    }

    private async Task<FillPage> FillKlinesAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation)
    {
        using var answer = await rest.GetAsync(
            FormattableString.Invariant(
                $"api/v3/klines?symbol={range.Symbol}&interval={options.Interval}&startTime={range.From}&limit={PageLength}"), cancellation)
            .ConfigureAwait(false);
        var items = new List<NumberedItem>();
        var covered = range.From - 1;
        foreach (var candle in answer.RootElement.EnumerateArray())
        {
            var start = candle[0].GetInt64();
            if (start > range.To)
            {
                covered = Math.Max(covered, start);
                continue;
            }

            covered = Math.Max(covered, start);
            items.Add(new NumberedItem(ExchangeChannel.Klines, range.Symbol, start, Kline(range.Symbol, candle)));
        }

        return new FillPage(items, covered);
    }

    /// <summary>Converts a candle of the REST endpoint to the form of the stream.</summary>
    private byte[] Kline(string symbol, JsonElement row) => Encoding.UTF8.GetBytes(
        $"{{\"s\":{ExchangeJson.Quoted(symbol)},\"k\":{{\"t\":{row[0].GetRawText()},\"s\":{ExchangeJson.Quoted(symbol)},"
        + $"\"i\":\"{options.Interval}\",\"o\":{row[1].GetRawText()},\"h\":{row[2].GetRawText()},\"l\":{row[3].GetRawText()},"
        + $"\"c\":{row[4].GetRawText()},\"v\":{row[5].GetRawText()},\"x\":true}}}}");
}
