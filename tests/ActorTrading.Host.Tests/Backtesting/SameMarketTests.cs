using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Backtesting;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using static ActorTrading.Host.Tests.Backtesting.ReportReading;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Backtesting;

/// <summary>The same trades and bars in every format, time unit and zone give one state hash.</summary>
public sealed class SameMarketTests : IDisposable
{
    private static readonly Plan Plan = Plan.Parse("""{"frames": ["tick", "1min", "5min"], "indicators": ["sma(3)", "vwap", "rsi(5)"]}""");
    private static readonly string[] Symbols = ["AAPL", "BTC-USD", "X1"];
    private static readonly string[] Zones = ["UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "+05:30", "Asia/Kathmandu"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Trades(int seed)
    {
        var trades = Make(seed, 240);
        var hashes = new Dictionary<string, string> { ["binary"] = Hash(Binary(trades), trades.Count) };
        foreach (var unit in TimeUnits.All.Where(unit => unit is not (TimeUnit.Excel or TimeUnit.Calendar)))
        {
            hashes[$"lines in {unit}"] = Text(
                trades,
                trade => $$"""{"symbol":"{{trade.Symbol}}","ts":{{In(unit, trade.Time)}},"price":{{trade.Price}},"size":{{trade.Size}}}""");
            hashes[$"messages of Binance in {unit}"] = Text(trades, trade =>
                $$"""{"stream":"x@trade","data":{"e":"trade","E":{{In(unit, trade.Time)}},"s":"{{trade.Symbol}}","t":1,"p":"{{trade.Price}}","q":"{{trade.Size}}","T":{{In(unit, trade.Time)}},"m":true} }""");
            hashes[$"trades of OKX in {unit}"] = Text(trades, trade =>
                $$"""{"arg":{"channel":"trades","instId":"{{trade.Symbol}}"},"data":[{"instId":"{{trade.Symbol}}","px":"{{trade.Price}}","sz":"{{trade.Size}}","side":"sell","ts":"{{In(unit, trade.Time)}}"}]}""");
            hashes[$"table in {unit}"] = Text(
                trades, trade => $"{In(unit, trade.Time)},{trade.Symbol},{trade.Price},{trade.Size}", "timestamp,symbol,price,size\n");
            hashes[$"columns in {unit}"] = Hash(Write("columns.json", Object(BySymbol(trades).Select(group =>
                $$"""{"t":[{{List(group, trade => In(unit, trade.Time))}}],"p":[{{List(group, trade => trade.Price)}}],"s":[{{List(group, trade => trade.Size)}}]}"""), trades)), trades.Count);
        }

        hashes["array"] = Hash(Write("a.json", "[" + List(trades, Canonical) + "]"), trades.Count);
        hashes["array over many lines"] = Hash(
            Write("p.json", "[\n"
                + string.Join(",\n", trades.Select(trade => Canonical(trade).Replace(",", ",\n  ", StringComparison.Ordinal))) + "\n]\n"),
            trades.Count);
        hashes["ccxt"] = Hash(Write("ccxt.json", "[" + List(trades, trade =>
            $$"""{"id":"1","timestamp":{{In(TimeUnit.Milliseconds, trade.Time)}},"datetime":"{{Iso(trade.Time)}}Z","symbol":"{{trade.Symbol}}","side":"buy","price":{{trade.Price}},"amount":{{trade.Size}},"cost":1}""") + "]"), trades.Count);
        hashes["matches of Coinbase"] = Text(trades, trade =>
            $$"""{"type":"match","trade_id":5,"maker_order_id":"a","taker_order_id":"b","side":"sell","size":"{{trade.Size}}","price":"{{trade.Price}}","product_id":"{{trade.Symbol}}","sequence":9,"time":"{{Iso(trade.Time)}}.000000Z"}""");
        hashes["trades of Kraken"] = Hash(Write("kraken.json", """{"error":[],"result":""" + Object(BySymbol(trades).Select(group =>
            "[" + List(group, trade => $"""["{trade.Price}","{trade.Size}",{In(TimeUnit.Seconds, trade.Time)}.0,"b","l","",7]""")
            + "]"), trades)
            + "}"), trades.Count);
        hashes["digits"] = Text(
            trades, trade => $"{trade.Time:yyyyMMddHHmmss}|{trade.Symbol}|{trade.Price}|{trade.Size}", "datetime|ticker|last|qty\n");
        hashes["decimal comma"] = Text(
            trades, trade => $"{trade.Time:dd.MM.yyyy};{trade.Time:HH:mm:ss};{trade.Symbol};{Comma(trade.Price)};{Comma(trade.Size)}",
            "Datum;Zeit;Symbol;Kurs;Size\n");
        hashes["newest first"] = Text(
            [.. Enumerable.Reverse(trades)], trade => $"{Iso(trade.Time)}Z\t{trade.Symbol}\t{trade.Price}\t{trade.Size}",
            "time\tsym\tpx\tsz\n");
        hashes["month first"] = Text(
            trades,
            trade => $"\"{trade.Time.ToString("MM/dd/yyyy hh:mm:ss tt", CultureInfo.InvariantCulture)}\","
                + $"\"{trade.Symbol}\",\"{trade.Price}\",\"{trade.Size}\"",
            "Time,Symbol,Price,Size\r\n", "\r\n");
        foreach (var zone in Zones)
        {
            Assert.True(InputZone.TryParse(zone, out var known));
            hashes[$"table, clocks of {zone}"] = Text(
                trades, trade => $"{trade.Symbol},{Clock(trade.Time, zone)},{trade.Price},{trade.Size}", "symbol,ts,price,size\n",
                zone: known);
            hashes[$"lines, clocks of {zone}"] = Text(
                trades,
                trade =>
                    $$"""{"symbol":"{{trade.Symbol}}","ts":"{{Clock(trade.Time, zone)}}","price":{{trade.Price}},"size":{{trade.Size}}}""",
                zone: known);
            hashes[$"lines that name {zone}"] = Text(trades, trade =>
                $$"""{"symbol":"{{trade.Symbol}}","ts":"{{Clock(trade.Time, zone)}}","timezone":"{{zone}}","price":{{trade.Price}},"size":{{trade.Size}}}""");
        }

        var plain = "timestamp,symbol,price,size\n"
            + string.Concat(trades.Select(trade => $"{Iso(trade.Time)}Z,{trade.Symbol},{trade.Price},{trade.Size}\n"));
        hashes["gzip"] = Hash(Pack("t.csv.gz", plain, isZip: false), trades.Count);
        hashes["zip"] = Hash(Pack("t.zip", plain, isZip: true), trades.Count);
        hashes["UTF-16"] = Hash(WriteBytes("wide.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(plain)]), trades.Count);
        hashes["byte-order mark"] = Hash(
            WriteBytes("mark.csv", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(plain)]), trades.Count);
        AssertOne(hashes);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Bars(int seed)
    {
        var bars = MakeBars(seed, 300);
        var hashes = new Dictionary<string, string>();
        foreach (var unit in TimeUnits.All.Where(unit => unit is not (TimeUnit.Excel or TimeUnit.Calendar)))
        {
            hashes[$"table in {unit}"] = Rows(
                bars, bar => $"{In(unit, bar.Time)},{bar.Open},{bar.High},{bar.Low},{bar.Close},{bar.Volume}",
                "open_time,open,high,low,close,volume\n");
            hashes[$"klines in {unit}"] = Rows(
                bars, bar => $"{In(unit, bar.Time)},{bar.Open},{bar.High},{bar.Low},{bar.Close},{bar.Volume},"
                    + $"{In(unit, bar.Time.AddSeconds(59))},1,2,3,4,0");
            hashes[$"arrays in {unit}"] = Whole("["
                + List(bars, bar => $"[{In(unit, bar.Time)},\"{bar.Open}\",\"{bar.High}\",\"{bar.Low}\",\"{bar.Close}\",\"{bar.Volume}\"]")
                + "]");
            hashes[$"arrays of Coinbase in {unit}"] = Whole("["
                + List(Enumerable.Reverse(bars), bar => $"[{In(unit, bar.Time)},{bar.Low},{bar.High},{bar.Open},{bar.Close},{bar.Volume}]")
                + "]");
            hashes[$"Kraken in {unit}"] = Whole("{\"error\":[],\"result\":{\"X1\":["
                + List(bars, bar =>
                    $"[{In(unit, bar.Time)},\"{bar.Open}\",\"{bar.High}\",\"{bar.Low}\",\"{bar.Close}\",\"{bar.Open}\",\"{bar.Volume}\",3]")
                + "],\"last\":1}}");
            hashes[$"columns in {unit}"] = Whole($$"""{"s":"ok",{{Columns(bars, "t", "o", "h", "l", "c", "v", unit)}}}""");
            hashes[$"Polygon in {unit}"] = Whole("{\"ticker\":\"X1\",\"results\":[" + List(bars, bar =>
                $$"""{"v":{{bar.Volume}},"vw":1,"o":{{bar.Open}},"c":{{bar.Close}},"h":{{bar.High}},"l":{{bar.Low}},"t":{{In(unit, bar.Time)}},"n":1}""")
                + "],\"status\":\"OK\"}");
        }

        hashes["Yahoo"] = Whole(
            """{"chart":{"result":[{"meta":{"symbol":"X1","gmtoffset":-14400,"dataGranularity":"1m"},"timestamp":["""
            + List(bars, bar => In(TimeUnit.Seconds, bar.Time))
            + "],\"indicators\":{\"quote\":[{" + Columns(bars, null, "open", "high", "low", "close", "volume", TimeUnit.Seconds)
            + "}]}}],\"error\":null}}");
        hashes["Alpaca"] = Whole("{\"bars\":{\"X1\":[" + List(bars, bar =>
            $$"""{"t":"{{Iso(bar.Time)}}Z","o":{{bar.Open}},"h":{{bar.High}},"l":{{bar.Low}},"c":{{bar.Close}},"v":{{bar.Volume}},"n":1,"vw":1}""")
            + "]},\"next_page_token\":null}");
        foreach (var zone in Zones.Where(zone => zone.Contains('/', StringComparison.Ordinal)))
        {
            Assert.True(InputZone.TryParse(zone, out var known));
            var newestFirst = Enumerable.Reverse(bars).ToList();
            hashes[$"Alpha Vantage in {zone}"] = Whole(
                $$"""{"Meta Data":{"2. Symbol":"X1","4. Interval":"1min","6. Time Zone":"{{zone}}"},"Time Series (1min)":""" + "{"
                + List(newestFirst, bar => $"\"{Clock(bar.Time, zone)}\":"
                    + $$"""{"1. open":"{{bar.Open}}","2. high":"{{bar.High}}","3. low":"{{bar.Low}}","4. close":"{{bar.Close}}","5. volume":"{{bar.Volume}}"}""")
                + "}}");
            hashes[$"Twelve Data in {zone}"] = Whole(
                $$"""{"meta":{"symbol":"X1","interval":"1min","exchange_timezone":"{{zone}}"},"values":[""" + List(newestFirst, bar =>
                    $$"""{"datetime":"{{Clock(bar.Time, zone)}}","open":"{{bar.Open}}","high":"{{bar.High}}","low":"{{bar.Low}}","close":"{{bar.Close}}","volume":"{{bar.Volume}}"}""")
                + "],\"status\":\"ok\"}");
            hashes[$"MetaTrader on clocks of {zone}"] = Rows(
                bars, bar => $"{Local(bar.Time, zone):yyyy.MM.dd}\t{Local(bar.Time, zone):HH:mm:ss}\t"
                    + $"{bar.Open}\t{bar.High}\t{bar.Low}\t{bar.Close}\t0\t{bar.Volume}\t2",
                "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>\t<TICKVOL>\t<SPREAD>\n", known);
        }

        AssertOne(hashes);

        string Rows(List<Bar> all, Func<Bar, string> row, string header = "", InputZone? zone = null) =>
            Hash(Write("bars.csv", header + string.Concat(all.Select(bar => row(bar) + "\n"))), all.Count, zone, "X1");

        string Whole(string text) => Hash(Write("bars.json", text), bars.Count, null, "X1");
    }

    /// <summary>Written bars give the same state when they are read again, also bars of other frames than those read.</summary>
    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void BarsThatWereWritten_AreReadToTheSameState(int seed)
    {
        var trades = Make(seed, 400);
        var minutes = Plan.Parse("""{"frames": ["1min"], "indicators": ["sma(3)", "rsi(5)"]}""");
        var file = Write("t.csv", "timestamp,symbol,price,size\n"
            + string.Concat(trades.Select(trade => $"{Iso(trade.Time)}Z,{trade.Symbol},{trade.Price},{trade.Size}\n")));
        Json(Run(file, minutes, barsOut: folder.File("first.csv")));
        var first = Json(Run(folder.File("first.csv"), minutes, barsOut: folder.File("second.csv")));
        var second = Json(Run(folder.File("second.csv"), minutes, barsOut: folder.File("third.csv")));
        Assert.Equal(
            0, first.GetProperty("ledger").GetProperty("rejected").GetInt32() + first.GetProperty("ledger").GetProperty("late").GetInt32());
        Assert.Equal(first.GetProperty("state_hash").GetString(), second.GetProperty("state_hash").GetString());
        Assert.Equal(File.ReadAllText(folder.File("second.csv")), File.ReadAllText(folder.File("third.csv")));
    }

    private static void AssertOne(Dictionary<string, string> hashes)
    {
        var usual = hashes.Values.GroupBy(hash => hash).MaxBy(group => group.Count())!.Key;
        Assert.True(
            hashes.Values.All(hash => hash == usual),
            "another state of: " + string.Join("; ", hashes.Where(entry => entry.Value != usual).Select(entry => entry.Key)));
    }

    private static List<Trade> Make(int seed, int count)
    {
        var random = new Random(seed);
        var time = new DateTime(2024, 7, 15, 11, 0, 0);
        return [.. Enumerable.Range(0, count).Select(_ => new Trade(
            Symbols[random.Next(Symbols.Length)], time = time.AddSeconds(random.Next(1, 90)),
            (random.Next(10_000, 20_000) / 100m).ToString(CultureInfo.InvariantCulture),
            (random.Next(1, 5_000) / 1000m).ToString(CultureInfo.InvariantCulture)))];
    }

    private static List<Bar> MakeBars(int seed, int count)
    {
        var random = new Random(seed);
        var time = new DateTime(2024, 7, 15, 11, 0, 0);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int[] prices =
                [random.Next(10_000, 20_000), random.Next(10_000, 20_000), random.Next(10_000, 20_000), random.Next(10_000, 20_000)];
            Array.Sort(prices);
            return new Bar(
                time = time.AddMinutes(random.Next(1, 4)), Price(prices[1]), Price(prices[3]), Price(prices[0]), Price(prices[2]),
                random.Next(1, 1_000).ToString(CultureInfo.InvariantCulture));
        })];

        static string Price(int cents) => (cents / 100m).ToString(CultureInfo.InvariantCulture);
    }

    private static string Canonical(Trade trade) =>
        $$"""{"symbol":"{{trade.Symbol}}","ts":{{In(TimeUnit.Nanoseconds, trade.Time)}},"price":{{trade.Price}},"size":{{trade.Size}}}""";

    private static string Columns(
        List<Bar> bars, string? time, string open, string high, string low, string close, string volume, TimeUnit unit) =>
        (time is null ? "" : $"\"{time}\":[{List(bars, bar => In(unit, bar.Time))}],")
        + $"\"{open}\":[{List(bars, bar => bar.Open)}],\"{high}\":[{List(bars, bar => bar.High)}],\"{low}\":[{List(bars, bar => bar.Low)}],"
        + $"\"{close}\":[{List(bars, bar => bar.Close)}],\"{volume}\":[{List(bars, bar => bar.Volume)}]";

    private static string In(TimeUnit unit, DateTime time)
    {
        var seconds = (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;
        return seconds.ToString(CultureInfo.InvariantCulture)
            + unit switch { TimeUnit.Seconds => "", TimeUnit.Milliseconds => "000", TimeUnit.Microseconds => "000000", _ => "000000000" };
    }

    private static string Iso(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private static string Comma(string number) => number.Replace('.', ',');

    private static string Clock(DateTime time, string zone) =>
        Local(time, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A time in a zone; no zone here changes its clocks in July 2024.</summary>
    private static DateTime Local(DateTime time, string zone) => time + zone switch
    {
        "UTC" => TimeSpan.Zero,
        "Asia/Tokyo" => TimeSpan.FromHours(9),
        "America/New_York" => TimeSpan.FromHours(-4),
        "Europe/Berlin" => TimeSpan.FromHours(2),
        "+05:30" => new TimeSpan(5, 30, 0),
        _ => new TimeSpan(5, 45, 0),
    };

    private static IEnumerable<IGrouping<string, Trade>> BySymbol(List<Trade> trades) => trades.GroupBy(trade => trade.Symbol);

    private static string Object(IEnumerable<string> values, List<Trade> trades) =>
        "{" + string.Join(',', BySymbol(trades).Zip(values, (group, value) => $"\"{group.Key}\":{value}")) + "}";

    private static string List<T>(IEnumerable<T> all, Func<T, string> spell) => string.Join(',', all.Select(spell));

    private static BacktestReport Run(
        string file, Plan plan, InputZone? zone = null, string? symbol = null, string? barsOut = null) => Backtest.Run(
        new BacktestRequest(
            [file], plan,
            new ReadOptions
            {
                Source = Source.Parse("feed"),
                Parser = new ParserOptions { Zone = zone ?? InputZone.Utc, DefaultSymbol = symbol is null ? null : Symbol.Parse(symbol) },
            },
            barsOut, null, null) { MaxAhead = TimeSpan.FromDays(4_000) },
        default);

    private static string Hash(string file, int count, InputZone? zone = null, string? symbol = null)
    {
        var report = Run(file, Plan, zone, symbol);
        var ledger = Json(report).GetProperty("ledger");
        var text = File.ReadAllText(file);
        Assert.True(
            (count, 0, 0) == (ledger.GetProperty("applied").GetInt32(), ledger.GetProperty("rejected").GetInt32(),
                ledger.GetProperty("late").GetInt32()),
            $"{ReportReading.Text(report)}\n{text[..Math.Min(text.Length, 500)]}");
        return Json(report).GetProperty("state_hash").GetString()!;
    }

    private string Text(List<Trade> trades, Func<Trade, string> line, string header = "", string lineEnd = "\n", InputZone? zone = null) =>
        Hash(Write("t.txt", header + string.Concat(trades.Select(trade => line(trade) + lineEnd))), trades.Count, zone);

    private string Binary(List<Trade> trades)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output);
        encoder.Write([.. trades.Select(trade => Record.OfTick(
            Symbol.Parse(trade.Symbol), Identity.Anonymous, Timestamp.FromDateTime(DateTime.SpecifyKind(trade.Time, DateTimeKind.Utc)),
            Units(trade.Price), Units(trade.Size)))]);
        encoder.Flush();
        return WriteBytes("t.atb", output.WrittenSpan.ToArray());

        static long Units(string number) => (long)(decimal.Parse(number, CultureInfo.InvariantCulture) * 100_000_000);
    }

    private string Pack(string name, string text, bool isZip)
    {
        var packed = new MemoryStream();
        if (isZip)
        {
            using var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true);
            using var part = archive.CreateEntry("t.csv").Open();
            part.Write(Encoding.UTF8.GetBytes(text));
        }
        else
        {
            using var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return WriteBytes(name, packed.ToArray());
    }

    private string Write(string name, string text) => WriteBytes(name, Encoding.UTF8.GetBytes(text));

    private string WriteBytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(folder.File(name), bytes);
        return folder.File(name);
    }

    private sealed record Trade(string Symbol, DateTime Time, string Price, string Size);

    private sealed record Bar(DateTime Time, string Open, string High, string Low, string Close, string Volume);
}
