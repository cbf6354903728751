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
/// Messages that are arrays: Kraken's first protocol and Bitfinex. The forms come from the exchanges' documentation; the numbers are
/// invented.
/// </summary>
public class ExchangeChannelTests
{
    private const string Subscribed = """{"event":"subscribed","channel":"trades","chanId":17470,"symbol":"tBTCUSD","pair":"BTCUSD"}""";

    [Fact]
    public void Kraken_Trades_AreOfTheirPair_AndWordsOfTheConnectionAreNone() => Assert.Equal(
        ["Tick XBT/USD 2018-08-12T17:34:17.321597Z 5541.2 0.15850568", "Tick XBT/USD 2018-08-12T17:34:17.324998Z 6060 0.0242",
            "Tick ETH/EUR 2018-08-12T17:34:18Z 300 1"],
        Read(
            """{"connectionID":8628615390848610000,"event":"systemStatus","status":"online","version":"1.0.0"}""",
            """{"channelID":337,"channelName":"trade","event":"subscriptionStatus","pair":"XBT/USD","status":"subscribed","subscription":{"name":"trade"}}""",
            """{"event":"heartbeat"}""",
            """[337,[["5541.20000","0.15850568","1534095257.321597","s","l",""],["6060.00000","0.02420000","1534095257.324998","b","l",""]],"trade","XBT/USD"]""",
            """[338,[["300","1","1534095258.000000","b","m",""]],"trade","ETH\/EUR"]"""));

    [Fact]
    public void Kraken_SpreadsAndBooks() => Assert.Equal(
        [
            "Quote XBT/USD 2018-11-12T21:14:59.545897Z 5698.4 1.01234567 5700 0.98765432",
            "BookUpdate XBT/USD 2018-08-14T18:10:48.123678Z 5541.3 2.507", "BookUpdate XBT/USD 2018-08-14T18:10:48.765567Z 5541.2 1.529",
            "BookUpdate XBT/USD 2018-08-14T18:10:49Z 5541.3 0", "BookUpdate XBT/USD 2018-08-14T18:10:50Z 5541.4 1",
        ],
        Read(
            """[0,["5698.40000","5700.00000","1542057299.545897","1.01234567","0.98765432"],"spread","XBT/USD"]""",
            """[0,{"as":[["5541.30000","2.50700000","1534270248.123678"]],"bs":[["5541.20000","1.52900000","1534270248.765567"]]},"book-100","XBT/USD"]""",
            """[0,{"a":[["5541.30000","0.00000000","1534270249.000000"]]},{"b":[["5541.40000","1.00000000","1534270250.000000","r"]],"c":"974942666"},"book-10","XBT/USD"]"""));

    [Theory]
    [InlineData(
        """[42,["1542057314.748456","1542057360.435743","3586.7","3586.7","3586.6","3586.6","3586.68894","0.03373",2],"ohlc-5","XBT/USD"]""",
        "ohlc-5", RecordAssembler.StillOpen)]
    [InlineData(
        """[340,{"a":["5525.4",1,"1"],"b":["5525.1",1,"1"],"c":["5525.1","0.004"]},"ticker","XBT/USD"]""", "ticker",
        "The messages of this channel have no times; subscribe to its trades.")]
    [InlineData("""[340,["1"],"something","XBT/USD"]""", "something", null)]
    public void Kraken_WhatIsNoRecord_IsRefusedForWhatItIs(string message, string kind, string? advice)
    {
        var refused = ReadAll(message).OnlyRejected().Rejection;
        Assert.Equal((RejectReason.UnknownKind, "kind", kind), (refused.Reason, refused.Field, refused.Value));
        if (advice is not null) Assert.Equal(advice, refused.Advice);
    }

    [Fact]
    public void Kraken_BookWithATextAmongItsSides_IsRefusedForThat() =>
        Assert.Equal(RejectReason.UnknownKind, ReadAll("""[0,{"c":"9"},"book-10","book-10","XBT/USD"]""").OnlyRejected().Rejection.Reason);

    [Fact]
    public void Kraken_RefusedSubscription_IsSeen() => Assert.Single(ReadAll(
        """{"errorMessage":"Subscription depth not supported","event":"subscriptionStatus","pair":"XBT/USD","status":"error","subscription":{"depth":42,"name":"book"}}""").Rejected);

    [Fact]
    public void Kraken_AnswerAboutSpreads() => Assert.Equal(
        ["Quote XXBTZUSD 2023-07-06T19:23:54Z 30292.1 0 30297.5 0", "Quote XXBTZUSD 2023-07-06T19:23:55Z 30292.1 0 30296.7 0"],
        Read("""{"error":[],"result":{"XXBTZUSD":[[1688671434,"30292.10000","30297.50000"],[1688671435,"30292.10000","30296.70000"]],"last":1688671505}}"""));

    [Fact]
    public void RowsOfThreeElsewhere_AreNotTakenForSpreads() =>
        Assert.Equal(2, ReadAll("""{"result":{"XXBTZUSD":[[1688671834,"1","2"],[1688671835,"1","2"]]}}""").Rejected.Count);

    [Fact]
    public void Bitfinex_ChannelsHaveTheSymbolsThatEarlierMessagesNamed_AndATradeCountsOnce() => Assert.Equal(
        [
            "Tick BTCUSD 2019-11-25T15:14:34.039Z 7244.8 0.1", "Tick BTCUSD 2019-11-25T15:14:35.039Z 7244.9 0.005",
            "Tick BTCUSD 2019-11-25T15:14:38.808Z 7245.3 0.005", "Tick ETHUSD 2019-11-25T15:14:39Z 150 2",
            "Tick BTCUSD 2019-11-25T15:14:40Z 7245 1",
        ],
        Read(
            """{"event":"info","version":2,"serverId":"bf5d5d1c","platform":{"status":1}}""",
            Subscribed,
            """{"event":"subscribed","channel":"trades","chanId":17471,"symbol":"tETHUSD","pair":"ETHUSD"}""",
            "[17470,[[401597394,1574694875039,0.005,7244.9],[401597393,1574694874039,-0.1,7244.8]]]",
            """[17470,"te",[401597395,1574694878808,0.005,7245.3]]""",
            """[17470,"tu",[401597395,1574694878808,0.005,7245.3]]""",
            """[17471,"te",[401597395,1574694879000,-2,150]]""",
            """[17470,"hb"]""",
            """[17470,"tu",[401597399,1574694880000,1,7245]]"""));

    [Fact]
    public void Bitfinex_ChannelWithoutAName_NeedsASymbol()
    {
        const string Trade = """[17470,"te",[401597395,1574694878808,0.005,7245.3]]""";
        var refused = ReadAll(Trade).OnlyRejected().Rejection;
        Assert.Equal((RejectReason.MissingField, "symbol"), (refused.Reason, refused.Field));
        Assert.Equal("X", ReadAll(Trade, "X").Only().Symbol.Name);
    }

    [Fact]
    public void Bitfinex_Candles_AllButTheLastAreComplete()
    {
        const string Key = """{"event":"subscribed","channel":"candles","chanId":343351,"key":"trade:1m:tBTCUSD"}""";
        var read = ReadAll(
            Key + "\n[343351,[[1574698260000,7379.7,7383.8,7388.3,7379.7,1.68],[1574698200000,7399.9,7379.7,7399.9,7371.8,41.6]]]\n"
            + "[343351,[1574698260000,7379.7,7383.9,7388.3,7379.7,1.7]]\n");
        var bar = Assert.Single(read.Records);
        Assert.Equal("Bar BTCUSD 2019-11-25T16:10:00Z 7399.9 7399.9 7371.8 7379.7", Spell(bar));
        Assert.Equal(Frame.OneMinute, bar.Frame);
        Assert.Equal([RecordAssembler.StillOpen, RecordAssembler.StillOpen], read.Rejected.Select(refused => refused.Rejection.Advice));
    }

    [Fact]
    public void Bitfinex_RowsOfTrades_AreReadWithoutAChannel() => Assert.Equal(
        ["Tick X 2019-11-25T15:14:33.039Z 7244.7 2", "Tick X 2019-11-25T15:14:34.039Z 7244.8 0.1",
            "Tick X 2019-11-25T15:14:35.039Z 7244.9 0.005"],
        Read(
            "[[401597394,1574694875039,0.005,7244.9],[401597393,1574694874039,-0.1,7244.8],[401597392,1574694873039,2,7244.7]]",
            symbol: "X"));

    [Theory]
    [InlineData(
        """{"event":"subscribed","channel":"ticker","chanId":17470,"symbol":"tBTCUSD","pair":"BTCUSD"}""",
        "[17470,[7616.5,31.8,7617.5,43.3,-550.8,-0.06,7617.1,8314.7,8257.8,7500]]", "ticker")]
    [InlineData(
        """{"event":"subscribed","channel":"book","chanId":17470,"symbol":"tBTCUSD","prec":"P0"}""",
        "[17470,[[7254.7,3,3.3],[7254.6,2,1]]]", "book")]
    [InlineData(Subscribed, """[17470,"fte",[401597395,1574694878808,0.005,0.0001,2]]""", "fte")]
    public void Bitfinex_OtherChannels_AreRefused(string subscribed, string message, string kind)
    {
        var refused = ReadAll($"{subscribed}\n{message}\n").OnlyRejected().Rejection;
        Assert.Equal((RejectReason.UnknownKind, kind), (refused.Reason, refused.Value));
    }

    [Fact]
    public void BlocksOfAnInput_KnowWhatEarlierBlocksNamed()
    {
        var parser = new RecordParser(new ParserOptions());
        parser.Parse(Encoding.UTF8.GetBytes(Subscribed), 1, new Collected());
        Assert.True(parser.DependsOnEarlier);
        var kraken = new RecordParser(new ParserOptions { TimeUnit = TimeUnit.Seconds });
        kraken.Parse("""[0,["1","2","1542057299.5","1","1"],"spread","XBT/USD"]"""u8, 1, new Collected());
        Assert.False(kraken.DependsOnEarlier);
    }

    [Theory]
    [InlineData(
        """{"columns":["open","high","low","close","volume"],"index":[1720483200000,1720569600000],"data":[[1,3,0.5,2,10],[2,4,1,3,20]]}""")]
    [InlineData(
        """{"columns":["open","high","low","close","volume"],"data":[[1,3,0.5,2,10],[2,4,1,3,20]],"index":["2024-07-09T00:00:00.000","2024-07-10T00:00:00.000"]}""")]
    [InlineData(
        """{"columns":["date","open","high","low","close","volume"],"index":[0,1],"data":[["2024-07-09",1,3,0.5,2,10],["2024-07-10",2,4,1,3,20]]}""")]
    [InlineData(
        """{"1720483200000":{"open":1,"high":3,"low":0.5,"close":2,"volume":10},"1720569600000":{"open":2,"high":4,"low":1,"close":3,"volume":20}}""")]
    [InlineData(
        """{"0":{"date":1720483200000,"open":1,"high":3,"low":0.5,"close":2,"volume":10},"1":{"date":1720569600000,"open":2,"high":4,"low":1,"close":3,"volume":20}}""")]
    [InlineData(
        """{"schema":{"fields":[{"name":"index","type":"datetime"},{"name":"open","type":"number"}],"primaryKey":["index"],"pandas_version":"1.4.0"},"data":[{"index":"2024-07-09T00:00:00.000","open":1,"high":3,"low":0.5,"close":2,"volume":10},{"index":"2024-07-10T00:00:00.000","open":2,"high":4,"low":1,"close":3,"volume":20}]}""")]
    [InlineData(
        """{"schema":{"fields":[{"name":"index","type":"integer"},{"name":"Date","type":"datetime"}],"primaryKey":["index"],"pandas_version":"1.4.0"},"data":[{"index":0,"Date":"2024-07-09T00:00:00.000","Open":1,"High":3,"Low":0.5,"Close":2,"Volume":10},{"index":1,"Date":"2024-07-10T00:00:00.000","Open":2,"High":4,"Low":1,"Close":3,"Volume":20}]}""")]
    [InlineData("""[[1720483200000,1,3,0.5,2,10],[1720569600000,2,4,1,3,20]]""")]
    public void Pandas_EveryOrientation(string text)
    {
        var read = ReadAll(text, "X");
        Assert.Empty(read.Rejected);
        Assert.Equal(["Bar X 2024-07-09T00:00:00Z 1 3 0.5 2", "Bar X 2024-07-10T00:00:00Z 2 4 1 3"], read.Records.Select(Spell));
        Assert.All(read.Records, bar => Assert.Equal(Frame.OneDay, bar.Frame));
    }

    [Fact]
    public void Pandas_ARowThatIsNone_DoesNotMoveTheTimesOfTheOthers()
    {
        var read = ReadAll(
            """{"columns":["open","high","low","close"],"index":[1720483200000,1720569600000,1720656000000],"data":[[1,3,0.5,2],[2,4,1],[3,5,2,4]]}""",
            "X");
        Assert.Equal(["Bar X 2024-07-09T00:00:00Z 1 3 0.5 2", "Bar X 2024-07-11T00:00:00Z 3 5 2 4"], read.Records.Select(Spell));
        Assert.Single(read.Rejected);
    }

    [Theory]
    [InlineData(
        """{"1. Information":"FX Intraday (5min) Time Series","2. From Symbol":"EUR","3. To Symbol":"USD","4. Last Refreshed":"2024-07-09 11:00:00","5. Interval":"5min","6. Output Size":"Compact","7. Time Zone":"UTC"}""",
        "Time Series FX (5min)", "1. open", "EURUSD", "5min")]
    [InlineData(
        """{"1. Information":"Daily Prices and Volumes for Digital Currency","2. Digital Currency Code":"BTC","3. Digital Currency Name":"Bitcoin","4. Market Code":"EUR","5. Market Name":"Euro","6. Last Refreshed":"2024-07-09 00:00:00","7. Time Zone":"UTC"}""",
        "Time Series (Digital Currency Daily)", "1a. open (EUR)", "BTCEUR", "1day")]
    [InlineData(
        """{"1. Information":"Crypto Intraday (5min) Time Series","2. Digital Currency Code":"ETH","3. Digital Currency Name":"Ethereum","4. Market Code":"USD","5. Market Name":"United States Dollar","6. Last Refreshed":"2024-07-09 11:00:00","7. Interval":"5min","8. Output Size":"Compact","9. Time Zone":"UTC"}""",
        "Time Series Crypto (5min)", "1. open", "ETHUSD", "5min")]
    public void AlphaVantage_Currencies_AreTheSymbol(string meta, string series, string open, string symbol, string frame)
    {
        var dollars = open[1] == 'a' ? "\"1b. open (USD)\":\"9\"," : "";
        var prices = $$"""{"{{open}}":"1.5",{{dollars}}"2. high":"2","3. low":"1","4. close":"1.8"}""";
        var bar = ReadAll($"{{\"Meta Data\":{meta},\"{series}\":{{\"2024-07-09 11:00:00\":{prices}}}}}").Only();
        Assert.Equal((symbol, frame, "1.5"), (bar.Symbol.Name, bar.Frame.Name(), Fixed8.Format(bar.A)));
    }

    private static List<string> Read(params string[] lines) => Read(string.Join('\n', lines), null);

    private static List<string> Read(string text, string? symbol)
    {
        var read = ReadAll(text, symbol);
        Assert.Empty(read.Rejected);
        return [.. read.Records.Select(Spell)];
    }

    private static Collected ReadAll(string text, string? symbol = null)
    {
        var sink = new Collected();
        var options = new ReadOptions { Parser = new ParserOptions { DefaultSymbol = symbol is null ? null : Symbol.Parse(symbol) } };
        RecordFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "messages", options, sink);
        return sink;
    }

    private static string Spell(Record record)
    {
        long[] numbers = record.Kind is RecordKind.Bar or RecordKind.Quote
            ? [record.A, record.B, record.C, record.D]
            : [record.A, record.B];
        return $"{record.Kind} {record.Symbol} {record.Time} {string.Join(' ', numbers.Select(Fixed8.Format))}";
    }
}
