using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>Files of users, with the correct values. A record is written as: kind, symbol, time, prices and quantities.</summary>
public class SharedCaseTests
{
    private readonly List<InputTaken> taken = [];

    [CaseTheory]
    [InlineData("05-binance-klines/spot_headerless.csv")]
    [InlineData("05-binance-klines/futures_header.csv")]
    [InlineData("05-binance-klines/klines.json")]
    [InlineData("05-binance-klines/renamed.csv")]
    public void Klines(string file)
    {
        var read = Read(file, "BTCUSDT");
        Assert.Equal(
            [
                "Bar BTCUSDT 2025-01-01T00:00:00Z 93576 93702.15 93489.03 93702.15 22.81266",
                "Bar BTCUSDT 2025-01-01T00:01:00Z 93702.15 93721.12 93654.79 93714.77 6.71024",
            ],
            read);
    }

    [CaseTheory]
    [InlineData("05-binance-klines/aggtrades.csv")]
    [InlineData("05-binance-klines/trades.csv")]
    public void Trades(string file) => Assert.Equal(
        ["Tick BTCUSDT 2025-01-01T00:00:00.010Z 93576 0.012", "Tick BTCUSDT 2025-01-01T00:00:00.120Z 93576.1 0.1"], Read(file, "BTCUSDT"));

    [CaseFact]
    public void NewestFirst_IsFoldedOldestFirst()
    {
        var read = Read("06-newest-first/av_daily.csv", "AAPL");
        Assert.Equal("Bar AAPL 2024-01-02T00:00:00Z 187.15 188.44 183.885 185.64 82488674", read[0]);
        Assert.Equal("Bar AAPL 2024-01-08T00:00:00Z 182.085 185.6 181.5 185.56 59144470", read[4]);
        Assert.Equal((TimeOrder.NewestFirst, Frame.OneDay), (taken[0].Order, taken[0].Frame));
    }

    [CaseFact]
    public void HeaderOfSeveralLines()
    {
        var read = Read("07-yfinance-multiheader/msft.csv", null);
        Assert.Equal(
            [
                "Bar MSFT 2023-02-17T00:00:00Z 255.84107105 256.53147567 252.49743818 254.5292511 30000100",
                "Bar MSFT 2023-02-21T00:00:00Z 251.1 252 247.9 249.21199036 28397400",
            ],
            read);
    }

    [CaseFact]
    public void RowOfNulls_IsRefusedWithItsLine()
    {
        var read = ReadAll("07-yfinance-multiheader/classic_null.csv", "MSFT");
        Assert.Equal(2, read.Records.Count);
        var refused = Assert.Single(read.Rejected);
        Assert.Equal(
            (3L, RejectReason.NotANumber, "open", "null"),
            (refused.LineNumber, refused.Rejection.Reason, refused.Rejection.Field, refused.Rejection.Value));
    }

    [CaseFact]
    public void TradesWithASide_AreTrades()
    {
        Assert.Equal(
            ["Tick BTC-USD 2018-02-04T17:05:10Z 8200 0.5", "Tick BTC-USD 2018-02-04T17:05:20Z 8210 0.25",
                "Tick BTC-USD 2018-02-04T17:06:01Z 8205 1"],
            Read("10-taker-side/coinbase_matches.ndjson", null));
        Assert.Equal(
            ["Tick BTC/USDT 2022-04-15T05:20:00.123Z 40001.5 0.02", "Tick BTC/USDT 2022-04-15T05:21:00.123Z 40000.5 0.03"],
            Read("10-taker-side/ccxt_trades.json", null));
    }

    [CaseFact]
    public void CalendarDigits()
    {
        Assert.Equal(
            ["2024-07-09T00:00:00Z", "2024-07-10T00:00:00Z", "2024-07-11T00:00:00Z"],
            ReadAll("11-yyyymmdd-integers/daily.ndjson", null).Records.Select(record => record.Time.ToString()));
        Assert.Equal(
            ["2024-01-02T09:30:00Z", "2024-01-02T09:31:00Z", "2024-01-02T09:32:00Z", "2024-01-02T10:00:00Z"],
            ReadAll("11-yyyymmdd-integers/minute.csv", null).Records.Select(record => record.Time.ToString()));
        Assert.Equal(
            ["2024-01-02T09:30:00Z", "2024-01-02T09:30:01Z"],
            ReadAll("11-yyyymmdd-integers/sec14.csv", null).Records.Select(record => record.Time.ToString()));
    }

    [CaseFact]
    public void TimesOfIbkr()
    {
        Assert.Equal(
            ["2023-11-15T14:30:00Z", "2023-11-15T15:00:00Z"],
            ReadAll("12-ibkr-time/ib.csv", "AAPL").Records.Select(record => record.Time.ToString()));
        Assert.Equal(
            ["2023-11-15T14:30:00Z", "2023-11-15T15:00:00Z", "2023-11-15T20:30:00Z"],
            ReadAll("12-ibkr-time/ib_old.csv", "AAPL", "America/New_York").Records.Select(record => record.Time.ToString()));
    }

    [CaseTheory]
    [InlineData("mt4.csv", "2011-12-08T18:49:00Z", "77.708 77.71 77.702 77.702 30")]
    [InlineData("mt5.csv", "2024-01-02T00:00:00Z", "1.104 1.1041 1.1039 1.10405 55")]
    [InlineData("mt5_utf16.csv", "2024-01-02T00:00:00Z", "1.104 1.1041 1.1039 1.10405 55")]
    [InlineData("forexite.txt", "2001-01-02T23:01:00Z", "64.3 64.3 64.3 64.3 4")]
    [InlineData("histdata.csv", "2012-02-01T00:00:00Z", "1.3066 1.3066 1.30656 1.30656 0")]
    [InlineData("histdata_h.csv", "2012-02-01T00:00:00Z", "1.3066 1.3066 1.30656 1.30656 0")]
    [InlineData("dukas.csv", "2024-01-02T00:00:00Z", "1.104 1.1041 1.1039 1.10405 55.1")]
    [InlineData("dukas_node.csv", "2024-11-01T02:00:00Z", "41780.615 0.00005 41786.197 0.000045")]
    public void DownloadsOfCurrencies(string file, string time, string values)
    {
        var read = Read("14-mt4-forexite-histdata/" + file, "EURUSD");
        Assert.Contains($" {time} {values}", read[0], StringComparison.Ordinal);
    }

    [CaseTheory]
    [InlineData("boerse.csv", "2024-01-05 43968.3 44353.1 42639.9 43900 1234")]
    [InlineData("cdd.csv", "2024-01-04 42855.8 44744.5 42641.5 44157 81.36")]
    [InlineData("comment.csv", "2024-01-05 1 2 0.5 1.5 10")]
    [InlineData("cr_only.csv", "2024-01-05 1 2 0.5 1.5 10")]
    [InlineData("excel_sep.csv", "2024-01-05 1 2 0.5 1.5 10")]
    [InlineData("investing.csv", "2024-01-04 42855.8 44744.5 42641.5 44157 81360")]
    [InlineData("nasdaq.csv", "2024-01-05 181.99 182.76 180.17 181.18 62379660")]
    [InlineData("pandas_index.csv", "2024-01-05 1 2 0.5 1.5 10")]
    [InlineData("r_write_table.csv", "2024-01-05 1 2 0.5 1.5 10")]
    [InlineData("semicolon_comma.csv", "2024-01-05 43968.3 44353.1 42639.9 43900 1234")]
    [InlineData("trailing.csv", "2024-01-05 1 2 0.5 1.5 10")]
    [InlineData("volnames.csv", "2024-01-04 1 2 0.5 1 81")]
    public void TablesOfVendors(string file, string first)
    {
        var read = ReadAll("21-locale-numbers/" + file, "X");
        Assert.Empty(read.Rejected);
        Assert.Equal(first, $"{read.Records[0].Time.ToString()[..10]} {Values(read.Records[0])}");
    }

    [CaseFact]
    public void ColumnsThatAreNotRead_AreNamed()
    {
        Read("21-locale-numbers/cdd.csv", "X");
        Assert.Equal(["date", "Volume USD"], taken[0].Unused);
        taken.Clear();
        Read("21-locale-numbers/volnames.csv", "X");
        Assert.Equal(["tick_volume"], taken[0].Unused);
    }

    [CaseTheory]
    [InlineData("histdata.zip", 1)]
    [InlineData("mac.zip", 0)]
    [InlineData("mac_first.zip", 0)]
    public void EveryPartOfAnArchive_IsReadOrNamed(string file, int skipped)
    {
        Assert.Equal(2, Read("22-zips/" + file, null).Count);
        Assert.Equal(skipped, taken.Count(input => input.Skipped is not null));
    }

    [CaseFact]
    public void MessagesOfExchanges()
    {
        var read = ReadAll("24-ws-envelopes/ws.ndjson", null);
        Assert.Equal(
            [
                "Tick BTCUSDT 2025-01-01T00:00:00.009Z 93576 0.01",
                "Tick BTCUSDT 2025-01-01T00:00:00.019Z 93576.1 0.02",
                "Tick AAPL 2021-02-22T15:51:44.208Z 126.55 1",
                "Tick MSFT 2018-09-04T04:53:38.784Z 114.125 100",
                "Tick MATIC/USD 2023-09-25T07:49:37.708706Z 0.5117 40",
                "Tick BTC-USDT 2021-08-27T07:21:37.897Z 42219.9 0.12060306",
                "Tick ETH-USD 2022-10-19T23:28:22.061769Z 1285.22 11.4396",
                "Bar AAPL 2020-01-02T05:00:00Z 74.06 75.15 73.7975 75.0875 135647456",
                "Bar AAPL 2022-01-03T09:00:00Z 178.26 178.34 177.76 178.08 60937",
            ],
            read.Records.Select(Spell).Select(
                text => text.StartsWith("Tick ETH", StringComparison.Ordinal) ? text[..(text.LastIndexOf('.') + 5)] : text));
        var refused = Assert.Single(read.Rejected);
        Assert.Equal((RejectReason.MissingField, "symbol", 8L), (refused.Rejection.Reason, refused.Rejection.Field, refused.LineNumber));
    }

    [CaseFact]
    public void QuotesOfOneSide()
    {
        var read = ReadAll("28-one-sided-quotes/q.ndjson", null).Records;
        Assert.Equal([0, 0, 0, Text.Reading.Units("255.1"), Text.Reading.Units("-0.25")], read.Select(record => record.A));
        Assert.Equal(
            [RejectReason.None, RejectReason.None, RejectReason.None, RejectReason.None, RejectReason.PriceNotPositive],
            read.Select(record => TickRules.Check(record, Limits.Default)));
    }

    [CaseFact]
    public void WholeNumbersAsDoubles() =>
        Assert.Equal([17, 18, Identity.None], ReadAll("29-pandas-floats/p.csv", null).Records.Select(record => record.Id.Seq));

    [CaseTheory]
    [InlineData("naive.csv", "Asia/Hong_Kong")]
    [InlineData("hk.csv", "UTC")]
    public void DailyBarsOfAsia(string file, string zone) => Assert.Equal(
        ["2024-01-05T00:00:00Z", "2024-01-08T00:00:00Z", "2024-01-09T00:00:00Z"],
        ReadAll("31-asia-daily/" + file, "0700.HK", zone, Frame.OneDay).Records.Select(record => record.Time.ToString()));

    [CaseFact]
    public void SymbolsOfEveryVenue()
    {
        Assert.Equal(
            ["币安人生USDT", "币安人生USDT", "BTCUSDT"], ReadAll("02-cjk-symbol/cjk.ndjson", null).Records.Select(record => record.Symbol.Name));
        var read = ReadAll("18-symbol-spaces/sym.csv", null);
        Assert.Equal(16, read.Records.Count);
        Assert.Equal(["BF,B", "L'OREAL"], read.Rejected.Select(refused => refused.Rejection.Value));
        Assert.Contains(read.Records, record => record.Symbol.Name == "SPXW  260120P06835000");
        Assert.Equal([".", ".."], ReadAll("A5-dot-symbols/sym.ndjson", null).Rejected.Select(refused => refused.Rejection.Value));
    }

    [CaseFact]
    public void WrapperIsNoSymbol()
    {
        var read = ReadAll("A4-wrapper-becomes-symbol/one.ndjson", null);
        Assert.Empty(read.Records);
        Assert.All(
            read.Rejected,
            refused => Assert.Equal((RejectReason.MissingField, "symbol"), (refused.Rejection.Reason, refused.Rejection.Field)));
        Assert.All(ReadAll("A4-wrapper-becomes-symbol/one.ndjson", "X").Records, record => Assert.Equal("X", record.Symbol.Name));
    }

    private static string Spell(Record record) => $"{record.Kind} {record.Symbol} {record.Time} {Values(record)}";

    /// <summary>Numbers in the units of an instrument of eight decimals, which can represent each of them.</summary>
    private static string Values(Record read)
    {
        Assert.Equal(RejectReason.None, UnitConversion.TryConvert(read, default, out var record, out _));
        var values = record.Kind switch
        {
            RecordKind.Tick => new[] { record.A, record.B },
            RecordKind.Quote => [record.A, record.B, record.C, record.D],
            _ => [record.A, record.B, record.C, record.D, record.E],
        };
        return string.Join(' ', values.Select(Fixed8.Format));
    }

    private List<string> Read(string file, string? symbol)
    {
        var read = ReadAll(file, symbol);
        Assert.Empty(read.Rejected);
        return [.. read.Records.Select(Spell)];
    }

    private Collected ReadAll(string file, string? symbol, string zone = "UTC", Frame? frame = null)
    {
        Assert.True(InputZone.TryParse(zone, out var known));
        var sink = new Collected();
        var parser = new ParserOptions
        {
            DefaultSymbol = symbol is null ? null : Symbol.Parse(symbol), Zone = known, BarFrame = frame ?? Frame.OneMinute,
            IsBarFrameGiven = frame is not null,
        };
        RecordFile.Read(SharedCases.PathOf(file), new ReadOptions { Parser = parser, OnTaken = taken.Add }, sink);
        return sink;
    }
}
