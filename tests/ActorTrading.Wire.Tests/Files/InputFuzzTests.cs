using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>
/// Any input is read, rejected in part or rejected as a whole, without another exception; in pieces it gives the same as in one piece. In
/// the long form each reader gets a million inputs.
/// </summary>
public class InputFuzzTests
{
    private static readonly Dictionary<string, string[]> Seeds = new()
    {
        ["tables"] =
        [
            "Date,Open,High,Low,Close,Volume\n2024-01-05,1,2,0.5,1.5,10\n2024-01-04,1,2,0.5,1.5,10\n",
            "\"Date\";\"Eröffnung\";\"Hoch\";\"Tief\";\"Schluss\"\r\n"
            + "\"05.01.2024\";\"43.968,3\";\"44.353,1\";\"42.639,9\";\"43.900,0\"\r\n",
            "<TICKER>,<DTYYYYMMDD>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\nAUDJPY,20010102,100,64.30,64.30,64.30,64.30,4\n",
            "sep=;\ndate;time;price;size\n2024-01-05;09:30;1;2\n",
            "time,symbol,bid,ask\nJan 05, 2024 9:30 PM,EURUSD,,1.1\n20240105 093000 US/Eastern,EURUSD,1,\n",
        ],
        ["headers of several lines"] =
            ["Price,Close,High,Low,Open,Volume\nTicker,MSFT,MSFT,MSFT,MSFT,MSFT\nDate,,,,,\n2023-02-17,254.5,256.5,252.4,255.8,30000100\n"],
        ["tables without a header"] =
        [
            "1735689600000000,93576.0,93702.15,93489.03,93702.15,22.8,1735689659999999,2134812.46,1,2,3,0\n",
            "\"01/05/2024\",\"43,968.3\",\"44,156.9\",\"65.29K\"\n",
            "20120201 000000;1.306600;1.306600;1.306560;1.306560;0\n",
        ],
        ["messages"] =
        [
            "{\"stream\":\"x\",\"data\":{\"e\":\"trade\",\"s\":\"BTCUSDT\",\"p\":\"93576.00\",\"q\":\"0.01\",\"T\":1735689600009}}\n"
                + "{\"AAPL\":{\"open\":1,\"high\":2,\"low\":1,\"close\":2,\"datetime\":1720522800000}}\n",
            "{\"arg\":{\"instId\":\"BTC-USDT\"},\"data\":[{\"px\":\"42219.9\",\"sz\":\"0.12\",\"side\":\"buy\",\"ts\":\"1630048897897\"}],"
            + "\"trades\":[[1,2,3]]}\n",
            "{\"symbol\":\"X\",\"ts\":\"2024-07-09 07:00:00\",\"timezone\":\"America/New_York\",\"price\":1}\n",
        ],
        ["rows of arrays"] =
        [
            "[[1735689600000,\"93576.0\",\"93702.15\",\"93489.03\",\"93702.15\",\"22.8\"],\n [1735689660000,1,2,1,2,5]]\n",
            "{\"error\":[],\"result\":{\"XXBTZUSD\":[[1616662800,\"5.9\",\"5.9\",\"5.0\",\"5.1\",\"5.0\",\"1.52\",26]],"
            + "\"last\":1616662920}}",
            "{\"error\":[],\"result\":{\"XXBTZUSD\":[[\"5.4\",\"0.3\",1688668397.827,\"b\",\"m\",\"\",61044952]],"
            + "\"last\":\"1688668399000150842\"}}",
            "{\"data\":{\"candles\":[[\"2024-07-09T16:30:00+0530\",1,3,0.5,2,10],[\"2024-07-09T16:31:00+0530\",2,4,1,3,20]]}}",
        ],
        ["channels of exchanges"] =
        [
            "{\"event\":\"subscribed\",\"channel\":\"trades\",\"chanId\":17,\"symbol\":\"tBTCUSD\",\"pair\":\"BTCUSD\"}\n"
                + "[17,[[401597394,1574694475039,0.005,7244.9],[401597393,1574694474039,-0.1,7244.8]]]\n"
                + "[17,\"te\",[401597395,1574694478808,0.005,7245.3]]\n[17,\"hb\"]\n",
            "{\"event\":\"subscribed\",\"channel\":\"candles\",\"chanId\":3,\"key\":\"trade:1m:tBTCUSD\"}\n"
                + "[3,[[1574698260000,7379.7,7383.8,7388.3,7379.7,1.6],[1574698200000,7399.9,7379.7,7399.9,7371.8,41.6]]]\n"
                + "[3,[1574698260000,7,7,7,7,1]]\n",
            "[3,[[\"5541.2\",\"0.15\",\"1534095257.32\",\"s\",\"l\",\"\"]],\"trade\",\"XBT/USD\"]\n"
                + "[0,[\"5698.4\",\"5700\",\"1542057299.5\",\"1\",\"9\"],\"spread\",\"XBT\\/USD\"]\n"
                + "[0,{\"a\":[[\"5541.3\",\"0\",\"1534270249.0\"]]},{\"b\":[[\"5541.4\",\"1\",\"1534270250.0\",\"r\"]],\"c\":\"9\"},"
                + "\"book-10\",\"XBT/USD\"]\n",
            "{\"error\":[],\"result\":{\"XXBTZUSD\":[[1688671834,\"30292.1\",\"30297.5\"],[1688671835,\"30292.1\",\"30296.7\"]],"
            + "\"last\":1688672106}}",
        ],
        ["tables of pandas"] =
        [
            "{\"columns\":[\"open\",\"high\",\"low\",\"close\"],\"index\":[1720483200000,1720569600000],\"data\":[[1,3,0.5,2],[2,4,1,3]]}",
            "{\"0\":{\"date\":1720483200000,\"open\":1,\"high\":3,\"low\":0.5,\"close\":2},\"1\":{\"date\":1720569600000,\"open\":2,"
            + "\"high\":4,\"low\":1,\"close\":3}}",
            "{\"schema\":{\"fields\":[{\"name\":\"index\"}]},\"data\":[{\"index\":\"2024-07-09T00:00:00.000\",\"open\":1,\"high\":3,"
            + "\"low\":0.5,\"close\":2}]}",
        ],
        ["daily bars"] =
        [
            "time,open,high,low,close\n1720396800,1,3,0.5,2\n1720483200,1,3,0.5,2\n1720569600,1,3,0.5,2\n1720742400,1,3,0.5,2\n",
            "{\"ts\":1720368000,\"open\":1,\"high\":3,\"low\":0.5,\"close\":2}\n{\"ts\":1720454400,\"open\":1,\"high\":3,\"low\":0.5,"
                + "\"close\":2}\n"
                + "{\"ts\":1720540800,\"open\":1,\"high\":3,\"low\":0.5,\"close\":2}\n{\"ts\":1720886400,\"open\":1,\"high\":3,\"low\":0.5,"
                + "\"close\":2}\n",
        ],
        ["columns"] =
        [
            "{\"s\":\"ok\",\"t\":[1720522800,1720522860],\"o\":[1,2],\"h\":[3,4],\"l\":[0.5,1],\"c\":[2,3],\"v\":[10,20]}",
            "{\"timestamp\":[1720522800,null],\"open\":[\"1\",\"2\"],\"high\":[\"3\",\"\\u0034\"],\"low\":[\"0.5\",\"1\"],"
            + "\"close\":[\"2\",\"3\"]}",
            "{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"A\",\"gmtoffset\":-14400,\"dataGranularity\":\"1d\"},"
                + "\"timestamp\":[1720531800],"
                + "\"indicators\":{\"quote\":[{\"open\":[1],\"high\":[3],\"low\":[0.5],\"close\":[2],\"volume\":[10]}],"
                + "\"adjclose\":[{\"adjclose\":[1]}]}}],\"error\":null}}",
        ],
        ["series"] =
        [
            "{\"Meta Data\":{\"2. Symbol\":\"IBM\",\"4. Interval\":\"5min\",\"6. Time Zone\":\"US/Eastern\"},\n\"Time Series "
                + "(5min)\":{\n\"2024-07-09 15:55:00\":"
                + "{\"1. open\":\"2\",\"2. high\":\"3\",\"3. low\":\"1\",\"4. close\":\"2.5\",\"5. "
                + "volume\":\"10\"},\n\"2024-07-09 15:50:00\":"
                + "{\"1. open\":\"1\",\"2. high\":\"3\",\"3. low\":\"0.5\",\"4. close\":\"2\",\"5. volume\":\"20\"}}}",
            "{\"Meta Data\":{\"2. From Symbol\":\"EUR\",\"3. To Symbol\":\"USD\"},\"Time Series FX (Daily)\":{\"2024-07-09\":"
                + "{\"1a. open (EUR)\":\"2\",\"1b. open (USD)\":\"3\",\"2. high\":\"3\",\"3. low\":\"1\",\"4. close\":\"2.5\"}}}",
            "{\"2024-07-08\":{\"open\":1,\"high\":2,\"low\":1,\"close\":2},\"2024-07-09\":{\"open\":1,\"high\":2,\"low\":1,\"close\":2}}",
        ],
    };

    /// <summary>The readers.</summary>
    public static TheoryData<string> Readers { get; } = [.. Seeds.Keys];

    [Theory]
    [MemberData(nameof(Readers))]
    public void MutatedInputs_AreReadOrRefused_AndInPiecesTheSame(string reader)
    {
        var fuzz = new Fuzz(seed: 5, rounds: 1_500, longRounds: 1_000_000);
        var options = new ReadOptions { Source = Source.Parse("fuzz"), Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("X") } };
        var records = 0;
        while (fuzz.Next())
        {
            var text = fuzz.Distort(Encoding.UTF8.GetBytes(fuzz.OneOf(Seeds[reader])));
            try
            {
                var whole = Whole(text, options);
                var pieces = Pieces(text, options, fuzz);
                records += whole.Sink.Records.Count;
                if (pieces is null) continue;
                Assert.Equal(whole.Error, pieces.Value.Error);
                Assert.Equal(whole.Sink.Records, pieces.Value.Sink.Records);
                Assert.Equal(whole.Sink.Rejected, pieces.Value.Sink.Rejected);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {fuzz.Seed}: {e.GetType().Name} {e.Message} for {Encoding.UTF8.GetString(text)}\n{e.StackTrace}");
            }
        }

        Assert.True(records > 200, $"{records} records");
    }

    private static (Collected Sink, string? Error) Whole(byte[] text, ReadOptions options)
    {
        var sink = new Collected();
        try
        {
            RecordFile.Read(new MemoryStream(text), "fuzz", options, sink);
            return (sink, null);
        }
        catch (InputException e)
        {
            return (sink, e.Message);
        }
    }

    /// <summary>The same over a connection; null for input that only a file may have: compressed, or UTF-16.</summary>
    private static (Collected Sink, string? Error)? Pieces(byte[] text, ReadOptions options, Fuzz fuzz)
    {
        var sink = new Collected();
        var stream = new RecordStream("fuzz", options, sink);
        if (text is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0x1f, 0x8b, ..] or [(byte)'P', (byte)'K', ..]) return null;
        try
        {
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(1 + fuzz.Below(40), text.Length - at);
                stream.Feed(text.AsSpan(at, length));
                at += length;
            }

            stream.Complete();
            return (sink, null);
        }
        catch (InputException e)
        {
            return (sink, e.Message);
        }
    }
}
