using System.Globalization;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>
/// Responses of services over HTTP, saved as a file: one JSON object with all records. Forms and names come from the services'
/// documentation; the numbers are invented. A record is written as: kind, symbol, time, frame of a bar, prices and quantities.
/// </summary>
public class ServiceAnswerTests
{
    private readonly List<InputTaken> taken = [];

    [Fact]
    public void AlphaVantage_Daily_NewestFirst_IsFoldedOldestFirst()
    {
        var read = Read(
            """
            {
                "Meta Data": {
                    "1. Information": "Daily Prices (open, high, low, close) and Volumes",
                    "2. Symbol": "IBM",
                    "3. Last Refreshed": "2024-07-09",
                    "4. Output Size": "Compact",
                    "5. Time Zone": "US/Eastern"
                },
                "Time Series (Daily)": {
                    "2024-07-09": {
                        "1. open": "177.6300",
                        "2. high": "177.8000",
                        "3. low": "175.9100",
                        "4. close": "176.4800",
                        "5. volume": "3047600"
                    },
                    "2024-07-08": {
                        "1. open": "176.4500",
                        "2. high": "178.5900",
                        "3. low": "176.0000",
                        "4. close": "177.8400",
                        "5. volume": "2524900"
                    }
                }
            }
            """);
        Assert.Equal(
            ["Bar IBM 2024-07-08T00:00:00Z 1day 176.45 178.59 176 177.84 2524900",
                "Bar IBM 2024-07-09T00:00:00Z 1day 177.63 177.8 175.91 176.48 3047600"],
            read);
        Assert.Equal((InputFormat.Json, TimeOrder.NewestFirst), (taken[0].Format, taken[0].Order));
    }

    [Fact]
    public void AlphaVantage_Intraday_IsInTheZoneThatItNames() => Assert.Equal(
        ["Bar IBM 2024-07-09T19:50:00Z 5min 1 3 0.5 2 20", "Bar IBM 2024-07-09T19:55:00Z 5min 2 3 1 2.5 10"],
        Read(
            """
            {"Meta Data":{"1. Information":"Intraday (5min)","2. Symbol":"IBM","3. Last Refreshed":"2024-07-09 15:55:00","4. Interval":"5min","5. Output Size":"Compact","6. Time Zone":"US/Eastern"},
             "Time Series (5min)":{"2024-07-09 15:55:00":{"1. open":"2","2. high":"3","3. low":"1","4. close":"2.5","5. volume":"10"},
                                   "2024-07-09 15:50:00":{"1. open":"1","2. high":"3","3. low":"0.5","4. close":"2","5. volume":"20"}}}
            """));

    [Theory]
    [InlineData("Weekly Time Series", "1week")]
    [InlineData("Monthly Adjusted Time Series", "1month")]
    [InlineData("Time Series FX (Weekly)", "1week")]
    [InlineData("Time Series (Digital Currency Daily)", "1day")]
    public void AlphaVantage_TheNameOfTheSeries_SaysTheFrame(string name, string frame) => Assert.Equal(
        [$"Bar X 2024-07-05T00:00:00Z {frame} 1 2 0.5 1.5 0"],
        Read("""{"Meta Data":{"1. Information":"x"},"NAME":{"2024-07-05":{"1. open":"1","2. high":"2","3. low":"0.5","4. close":"1.5","5. adjusted close":"1.2"}}}"""
            .Replace("NAME", name, StringComparison.Ordinal), "X"));

    [Theory]
    [InlineData("""{"s":"ok","t":[1720522800,1720522860],"o":[1,2],"h":[3,4],"l":[0.5,1],"c":[2,3],"v":[10,20]}""")]
    [InlineData("""{"c":[2,3],"h":[3,4],"l":[0.5,1],"o":[1,2],"s":"ok","t":[1720522800,1720522860],"v":[10,20]}""")]
    [InlineData(
        """{"timestamp":[1720522800,1720522860],"open":["1","2"],"high":["3","4"],"low":["0.5","1"],"close":["2","3"],"volume":["10","20"]}""")]
    [InlineData(
        """{"jsonrpc":"2.0","result":{"volume":[10,20],"ticks":[1720522800000,1720522860000],"status":"ok","open":[1,2],"low":[0.5,1],"high":[3,4],"cost":[9,9],"close":[2,3]}}""")]
    [InlineData(
        """{"data":{"open":[1,2],"high":[3,4],"low":[0.5,1],"close":[2,3],"volume":[10,20],"timestamp":["2024-07-09T11:00:00Z","2024-07-09T11:01:00Z"]}}""")]
    public void Columns_OfTradingViewFinnhubDeribitAndDhan(string answer) => Assert.Equal(
        ["Bar X 2024-07-09T11:00:00Z 1min 1 3 0.5 2 10", "Bar X 2024-07-09T11:01:00Z 1min 2 4 1 3 20"], Read(answer, "X"));

    [Fact]
    public void Columns_NewestFirst_AreFoldedOldestFirst() => Assert.Equal(
        ["Bar X 2024-07-09T11:00:00Z 1min 1 3 0.5 2 10", "Bar X 2024-07-09T11:01:00Z 1min 2 4 1 3 20"],
        Read("""{"t":[1720522860,1720522800],"o":[2,1],"h":[4,3],"l":[1,0.5],"c":[3,2],"v":[20,10]}""", "X"));

    [Fact]
    public void Columns_OfTrades_AndBySymbol()
    {
        Assert.Equal(["Tick X 2024-07-09T11:00:00Z 1.5 10"], Read("""{"t":[1720522800],"p":[1.5],"s":[10]}""", "X"));
        Assert.Equal(
            ["Bar AAPL 2024-07-09T11:00:00Z 1min 1 3 0.5 2 10", "Bar MSFT 2024-07-09T11:00:00Z 1min 2 4 1 3 20"],
            Read("""{"AAPL":{"t":[1720522800],"o":[1],"h":[3],"l":[0.5],"c":[2],"v":[10]},"MSFT":{"t":[1720522800],"o":[2],"h":[4],"l":[1],"c":[3],"v":[20]}}"""));
    }

    [Fact]
    public void Columns_OfDifferentLengths_AreRefusedAsAWhole()
    {
        var read = ReadAll("""{"t":[1720522800,1720522860],"o":[1],"h":[3,4],"l":[0.5,1],"c":[2,3]}""", "X");
        Assert.Empty(read.Records);
        Assert.Equal(
            (RejectReason.Malformed, "columns of different lengths: ts 2, open 1, high 2, low 2, close 2"),
            (read.OnlyRejected().Rejection.Reason, read.OnlyRejected().Rejection.Value));
    }

    [Fact]
    public void Columns_WithAHole_AreRefusedThereOnly()
    {
        var read = ReadAll(
            """{"t":[1720522800,1720522860,1720522920],"o":[1,null,1],"h":[2,null,2],"l":[1,null,1],"c":[2,null,2],"v":[1,0,1]}""", "X");
        Assert.Equal(2, read.Records.Count);
        var refused = Assert.Single(read.Rejected);
        Assert.Equal((RejectReason.MissingField, "open"), (refused.Rejection.Reason, refused.Rejection.Field));
        Assert.Equal("""{"ts":1720522860,"open":null,"high":null,"low":null,"close":null,"volume":0}""", refused.Raw);
        Assert.Empty(ReadAll("""{"s":"no_data","t":[],"o":[],"h":[],"l":[],"c":[],"v":[]}""", "X").Records);
    }

    [Theory]
    [InlineData("America/New_York", -14400, 1720531800, "2024-07-09T00:00:00Z")]
    [InlineData("Australia/Sydney", 39600, 1704754800, "2024-01-09T00:00:00Z")] // 10:00 of the 9th in that zone is 23:00 UTC of the 8th
    [InlineData("America/New_York", -18000, -252322200, "1962-01-02T00:00:00Z")]
    public void Yahoo_ADailyBar_IsOfTheDateAtItsVenue(string zone, int offset, long time, string date) => Assert.Equal(
        [$"Bar CBA.AX {date} 1day 1 3 0.5 2 10"],
        Read("""
            {"chart":{"result":[{"meta":{"currency":"USD","symbol":"CBA.AX","instrumentType":"EQUITY","gmtoffset":OFFSET,"timezone":"EDT",
              "exchangeTimezoneName":"ZONE","regularMarketPrice":1.5,"currentTradingPeriod":{"pre":{"timezone":"EDT","start":1,"end":2}},
              "dataGranularity":"1d","range":"1mo","validRanges":["1d","5d"]},
              "timestamp":[TIME],
              "events":{"dividends":{"1720531800":{"amount":0.25,"date":1720531800}}},
              "indicators":{"quote":[{"low":[0.5],"open":[1],"volume":[10],"high":[3],"close":[2]}],"adjclose":[{"adjclose":[1.9]}]}}],"error":null}}
            """.Replace("OFFSET", $"{offset}", StringComparison.Ordinal).Replace("ZONE", zone, StringComparison.Ordinal)
            .Replace("TIME", $"{time}", StringComparison.Ordinal)));

    [Fact]
    public void Yahoo_Intraday() => Assert.Equal(
        ["Bar AAPL 2024-07-09T13:30:00Z 1min 1 3 0.5 2 10", "Bar AAPL 2024-07-09T13:31:00Z 1min 2 4 1 3 20"],
        Read("""
            {"chart":{"result":[{"meta":{"symbol":"AAPL","gmtoffset":-14400,"dataGranularity":"1m"},"timestamp":[1720531800,1720531860],
              "indicators":{"quote":[{"open":[1,2],"high":[3,4],"low":[0.5,1],"close":[2,3],"volume":[10,20]}]}}],"error":null}}
            """));

    [Fact]
    public void Kraken_CandlesAndTrades()
    {
        Assert.Equal(
            ["Bar XXBTZUSD 2021-03-25T09:00:00Z 1min 52591.9 52599.9 52514 52577.1 1.52",
                "Bar XXBTZUSD 2021-03-25T09:01:00Z 1min 52577.1 52581.7 52577.1 52577.1 0.43"],
            Read("""
                {"error":[],"result":{"XXBTZUSD":[[1616662800,"52591.9","52599.9","52514.0","52577.1","52558.0","1.52",26],
                  [1616662860,"52577.1","52581.7","52577.1","52577.1","52580.8","0.43",12]],"last":1616662920}}
                """));
        Assert.Equal(
            ["Tick XXBTZUSD 2023-07-06T18:33:17.827Z 30243.4 0.34507674", "Tick XXBTZUSD 2023-07-06T18:33:19Z 30243.3 0.003766"],
            Read("""
                {"error":[],"result":{"XXBTZUSD":[["30243.40000","0.34507674",1688668397.827,"b","m","",61044952],
                  ["30243.30000","0.00376600",1688668399.0,"s","l","",61044953]],"last":"1688668399000150842"}}
                """));
        Assert.Empty(ReadAll("""{"error":["EQuery:Unknown asset pair"]}""").Records);
    }

    [Theory]
    [InlineData(
        """{"ticker":"AAPL","queryCount":2,"resultsCount":2,"adjusted":true,"results":[{"v":10,"vw":1.6,"o":1,"c":2,"h":3,"l":0.5,"t":1720522800000,"n":1},{"v":20,"vw":2.6,"o":2,"c":3,"h":4,"l":1,"t":1720522860000,"n":2}],"status":"OK","request_id":"6a7e466379af","count":2}""")]
    [InlineData(
        """{"bars":{"AAPL":[{"t":"2024-07-09T11:00:00Z","o":1,"h":3,"l":0.5,"c":2,"v":10,"n":1,"vw":1.6},{"t":"2024-07-09T11:01:00Z","o":2,"h":4,"l":1,"c":3,"v":20,"n":2,"vw":2.6}]},"next_page_token":null}""")]
    [InlineData(
        """{"bars":[{"t":"2024-07-09T11:00:00Z","o":1,"h":3,"l":0.5,"c":2,"v":10},{"t":"2024-07-09T11:01:00Z","o":2,"h":4,"l":1,"c":3,"v":20}],"symbol":"AAPL","next_page_token":"x"}""")]
    [InlineData(
        """{"symbol":"AAPL","historical":[{"date":"2024-07-09 11:01:00","open":2,"high":4,"low":1,"close":3,"volume":20},{"date":"2024-07-09 11:00:00","open":1,"high":3,"low":0.5,"close":2,"volume":10}]}""")]
    [InlineData(
        """{"data":{"pair":"AAPL","ohlc":[{"timestamp":"1720522800","open":"1","high":"3","low":"0.5","close":"2","volume":"10"},{"timestamp":"1720522860","open":"2","high":"4","low":"1","close":"3","volume":"20"}]}}""")]
    [InlineData(
        """{"retCode":0,"retMsg":"OK","result":{"symbol":"AAPL","category":"linear","list":[["1720522860000","2","4","1","3","20","9"],["1720522800000","1","3","0.5","2","10","9"]]},"retExtInfo":{},"time":1720522900000}""")]
    [InlineData(
        """{"meta":{"symbol":"AAPL","interval":"1min","exchange_timezone":"Europe/Berlin","type":"Common Stock"},"values":[{"datetime":"2024-07-09 13:01:00","open":"2","high":"4","low":"1","close":"3","volume":"20"},{"datetime":"2024-07-09 13:00:00","open":"1","high":"3","low":"0.5","close":"2","volume":"10"}],"status":"ok"}""")]
    [InlineData(
        """{"AAPL":{"meta":{"symbol":"AAPL","interval":"1min","exchange_timezone":"Europe/Berlin"},"values":[{"datetime":"2024-07-09 13:01:00","open":"2","high":"4","low":"1","close":"3","volume":"20"},{"datetime":"2024-07-09 13:00:00","open":"1","high":"3","low":"0.5","close":"2","volume":"10"}],"status":"ok"}}""")]
    [InlineData(
        """{"1720522800000":{"symbol":"AAPL","open":1,"high":3,"low":0.5,"close":2,"volume":10},"1720522860000":{"symbol":"AAPL","open":2,"high":4,"low":1,"close":3,"volume":20}}""")]
    public void PolygonAlpacaFmpBitstampBybitTwelveDataAndPandas(string answer) => Assert.Equal(
        ["Bar AAPL 2024-07-09T11:00:00Z 1min 1 3 0.5 2 10", "Bar AAPL 2024-07-09T11:01:00Z 1min 2 4 1 3 20"], Read(answer));

    [Theory]
    [InlineData(
        """{"status":"success","data":{"candles":[["2024-07-09T16:30:00+0530",1,3,0.5,2,10],["2024-07-09T16:31:00+0530",2,4,1,3,20]]}}""")]
    [InlineData(
        """{"status":"success","data":{"candles":[["2024-07-09T16:31:00+05:30",2,4,1,3,20,0],["2024-07-09T16:30:00+05:30",1,3,0.5,2,10,0]]}}""")]
    [InlineData("""{"code":"200000","data":[["1720522860","2","3","4","1","20","9"],["1720522800","1","2","3","0.5","10","9"]]}""")]
    [InlineData(
        """{"code":"0","msg":"","data":[["1720522860000","2","4","1","3","20","9","9","1"],["1720522800000","1","3","0.5","2","10","9","9","1"]]}""")]
    public void RowsOfKiteUpstoxKuCoinAndOkx(string answer) => Assert.Equal(
        ["Bar X 2024-07-09T11:00:00Z 1min 1 3 0.5 2 10", "Bar X 2024-07-09T11:01:00Z 1min 2 4 1 3 20"], Read(answer, "X"));

    [Theory]
    [InlineData(
        """{"dataset_data":{"limit":null,"column_names":["Date","Open","High","Low","Close","Volume","Adj. Close"],"data":[["2024-07-10",2,4,1,3,20,3],["2024-07-09",1,3,0.5,2,10,2]]}}""")]
    [InlineData(
        """{"history":{"columns":["BOARDID","TRADEDATE","SECID","OPEN","LOW","HIGH","CLOSE","VOLUME","TRADINGSESSION"],"data":[["TQBR","2024-07-09","X",1,0.5,3,2,10,3],["TQBR","2024-07-10","X",2,1,4,3,20,3]]}}""")]
    [InlineData(
        """{"results":[{"series":[{"name":"x","columns":["time","open","high","low","close","volume"],"values":[["2024-07-09",1,3,0.5,2,10],["2024-07-10",2,4,1,3,20]]}]}]}""")]
    [InlineData(
        """{"open":{"1720483200000":1,"1720569600000":2},"high":{"1720483200000":3,"1720569600000":4},"low":{"1720483200000":0.5,"1720569600000":1},"close":{"1720483200000":2,"1720569600000":3},"volume":{"1720483200000":10,"1720569600000":20}}""")]
    [InlineData(
        """{"Date":{"0":"2024-07-09","1":"2024-07-10"},"Open":{"0":1,"1":2},"High":{"0":3,"1":4},"Low":{"0":0.5,"1":1},"Close":{"0":2,"1":3},"Volume":{"0":10,"1":20}}""")]
    public void TablesInJson_OfQuandlMoexInfluxAndPandas(string answer) => Assert.Equal(
        ["2024-07-09T00:00:00Z 1 3 0.5 2 10", "2024-07-10T00:00:00Z 2 4 1 3 20"],
        Read(answer, "X").Select(bar => string.Join(' ', bar.Split(' ').Where((_, i) => i is not (0 or 1 or 3)))));

    [Fact]
    public void ColumnsOfOtherRows_AreRefused() => Assert.Equal(
        "the column high has another number of rows than the others",
        ReadAll("""{"open":{"1720483200000":1,"1720569600000":2},"high":{"1720483200000":3,"1720656000000":4},"low":{},"close":{}}""", "X")
            .OnlyRejected().Rejection.Value);

    [Theory]
    [InlineData(
        """{"e":"kline","E":1720522830000,"s":"X","k":{"t":1720522800000,"T":1720522859999,"s":"X","i":"1m","o":"1","c":"2","h":"3","l":"0.5","v":"10","n":1,"x":true,"q":"9"}}""",
        "1min")]
    [InlineData(
        """{"e":"kline","E":1720522830000,"s":"X","k":{"t":1720522800000,"T":1720522859999,"s":"X","i":"1M","o":"1","c":"2","h":"3","l":"0.5","v":"10","x":true}}""",
        "1month")]
    [InlineData(
        """{"topic":"kline.5.X","data":[{"start":1720522800000,"end":1720523099999,"interval":"5m","open":"1","close":"2","high":"3","low":"0.5","volume":"10","confirm":true,"timestamp":1720523100321}],"symbol":"X","type":"snapshot"}""",
        "5min")]
    [InlineData(
        """{"instrument":"X","granularity":"M5","candles":[{"complete":true,"volume":10,"time":"2024-07-09T11:00:00.000000000Z","mid":{"o":"1","h":"3","l":"0.5","c":"2"}}]}""",
        "5min")]
    [InlineData(
        """{"candles":[{"start":"1720522800","low":"0.5","high":"3","open":"1","close":"2","volume":"10"}],"symbol":"X"}""", "1min")]
    public void CandlesOfBinanceBybitOandaAndCoinbase(string answer, string frame)
    {
        Assert.Equal([$"Bar X 2024-07-09T11:00:00Z {frame} 1 3 0.5 2 10"], Read(answer, "X"));
        if (!answer.Contains("true", StringComparison.Ordinal)) return;
        var open = ReadAll(answer.Replace("true", "false", StringComparison.Ordinal), "X").OnlyRejected().Rejection;
        Assert.Equal((RejectReason.UnknownKind, "The bar is not complete yet; send it when it is complete."), (open.Reason, open.Advice));
    }

    /// <summary>A response much longer than the examined beginning is examined as a whole: its unit, its order, its end.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LongAnswers_AreSeenAsAWhole(bool isPipe)
    {
        const int Days = 6_000;
        var text = new StringBuilder(
            "{\n    \"Meta Data\": {\"2. Symbol\": \"IBM\", \"5. Time Zone\": \"US/Eastern\"},\n    \"Time Series (Daily)\": {\n");
        for (var day = Days; day > 0; day--)
        {
            var date = new DateTime(2000, 1, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"\"{date}\": {{\n\"1. open\": \"{day}\",\n\"2. high\": \"{day}\",\n\"3. low\": "
                + $"\"{day}\",\n\"4. close\": \"{day}\",\n\"5. volume\": \"1\"\n}}{(day == 1 ? "" : ",")}\n");
        }

        var read = ReadAll(text.Append("}}").ToString(), isPipe: isPipe);
        Assert.Empty(read.Rejected);
        Assert.Equal(Enumerable.Range(1, Days).Select(day => (Int128)day * 100_000_000), read.Records.Select(record => (Int128)record.A));
        Assert.Equal(TimeOrder.NewestFirst, taken[0].Order);

        var times = string.Join(',', Enumerable.Range(0, 20_000).Select(i => 1720522800 + (60 * i)));
        var ones = string.Join(',', Enumerable.Repeat(1, 20_000));
        Assert.Equal(20_000, ReadAll(
            $$"""{"t":[{{times}}],"o":[{{ones}}],"h":[{{ones}}],"l":[{{ones}}],"c":[{{ones}}],"s":"ok"}""", "X", isPipe).Records.Count);
    }

    [Fact]
    public void RefusalWithinALongAnswer_NamesItsLine()
    {
        var read = ReadAll("{\n\"2024-07-09\": {\n\"open\": 1, \"high\": 2, \"low\": 1, \"close\": 2},\n\"2024-07-10\": {\n\"open\": "
            + "1, \"high\": \"x\", \"low\": 1, \"close\": 2}\n}", "X");
        Assert.Single(read.Records);
        var refused = Assert.Single(read.Rejected);
        Assert.Equal((4L, RejectReason.NotANumber, "high"), (refused.LineNumber, refused.Rejection.Reason, refused.Rejection.Field));
    }

    [Theory]
    [InlineData("""{"symbol":"X","ts":"2024-07-09 07:00:00","timezone":"America/New_York","price":1}""", "2024-07-09T11:00:00Z")]
    [InlineData("""{"symbol":"X","ts":"2024-07-09T11:00:00Z","timezone":"America/New_York","price":1}""", "2024-07-09T11:00:00Z")]
    [InlineData("""{"symbol":"X","ts":1720522800,"timezone":"America/New_York","price":1}""", "2024-07-09T11:00:00Z")]
    public void ZoneBesideATime_IsItsZone(string line, string time) => Assert.Equal(time, ReadAll(line).Only().Time.ToString());

    [Fact]
    public void UnknownZoneBesideATime_IsRefused_AndNotTakenForUtc() =>
        Assert.Equal(
            RejectReason.BadTime,
            ReadAll("""{"symbol":"X","ts":"2024-07-09 07:00:00","timezone":"Wall Street","price":1}""").OnlyRejected().Rejection.Reason);

    private List<string> Read(string text, string? symbol = null)
    {
        var read = ReadAll(text, symbol);
        Assert.Empty(read.Rejected);
        return [.. read.Records.Select(Spell)];
    }

    private Collected ReadAll(string text, string? symbol = null, bool isPipe = false)
    {
        var sink = new Collected();
        var parser = new ParserOptions { DefaultSymbol = symbol is null ? null : Symbol.Parse(symbol) };
        var bytes = Encoding.UTF8.GetBytes(text);
        using Stream stream = isPipe ? new Pipe(bytes) : new MemoryStream(bytes);
        taken.Clear();
        RecordFile.Read(stream, "answer.json", new ReadOptions { Parser = parser, OnTaken = taken.Add }, sink);
        return sink;
    }

    private static string Spell(Record record)
    {
        long[] numbers = record.Kind == RecordKind.Bar ? [record.A, record.B, record.C, record.D] : [record.A, record.B];
        var values = string.Join(' ', numbers.Select(Fixed8.Format));
        return record.Kind == RecordKind.Bar
            ? $"{record.Kind} {record.Symbol} {record.Time} {record.Frame.Name()} {values} {FixedPoint.Format(record.Volume, 8)}"
            : $"{record.Kind} {record.Symbol} {record.Time} {values}";
    }

    /// <summary>A stream of a thousand bytes per read, without seeking.</summary>
    private sealed class Pipe(byte[] bytes) : ReadOnlyStream
    {
        private int at;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, 1_000), bytes.Length - at);
            bytes.AsSpan(at, count).CopyTo(buffer);
            at += count;
            return count;
        }
    }
}
